# Verbs for the tests of the command line. Sourced with the test's arguments:
# the binary and the source folder. Works in a folder of its own, with no
# DRUPALRT_ variable around, and leaves no broker behind.
set -u
drupalrtd=$1
source_dir=$2
case $drupalrtd in /*) ;; *) drupalrtd=$PWD/$drupalrtd ;; esac
work=$(mktemp -d)
broker_pid=
failures=0

finish() {
  if [ -n "$broker_pid" ]; then kill -9 "$broker_pid" 2>/dev/null; fi
  if [ -f "$work/s.pid" ]; then
    "$drupalrtd" stop --socket "$work/s" --state "$work/state" >/dev/null 2>&1
  fi
  rm -rf "$work"
}
trap finish EXIT
cd "$work" || exit 1
for name in $(env | sed -n 's/^\(DRUPALRT_[A-Z_]*\)=.*/\1/p'); do
  unset "$name"
done

fail() {
  failures=$((failures + 1))
  echo "FAILED: $1"
  sed 's/^/  | /' output
}

# expect STATUS COMMAND...: runs it, keeps what it says in ./output.
expect() {
  wanted=$1
  shift
  "$@" >output 2>&1 </dev/null
  got=$?
  if [ "$got" -ne "$wanted" ]; then
    fail "status $got instead of $wanted: $*"
  fi
}

# says TEXT: the last command's output contains it.
says() {
  grep -qF -- "$1" output || fail "does not say: $1"
}

# serve ARGUMENT...: starts a broker on free ports and waits until it serves.
serve() {
  rm -f ready
  mkfifo ready
  "$drupalrtd" serve --listen 127.0.0.1:0 --internal 127.0.0.1:0 \
    --socket "$work/s" --state "$work/state" --workers 1 --ready-fd 5 "$@" \
    5>ready >broker.log 2>&1 &
  broker_pid=$!
  word=
  read -r word <ready
  if [ "$word" != ready ]; then
    cp broker.log output
    fail "the broker does not start"
    exit 1
  fi
}

# ended: the started broker's exit status.
ended() {
  wait "$broker_pid"
  status=$?
  broker_pid=
  return $status
}

finished() {
  [ "$failures" -eq 0 ]
  exit
}
