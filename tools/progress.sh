# One line per step that takes a while, with the time it took; its output goes
# to a log. Progress is written to descriptor 3, so that a suite whose own
# output is logged can still tell what it waits for.

if ! { true >&3; } 2>/dev/null; then exec 3>&1; fi

say() { printf '%s\n' "$*" >&3; }

fail() { # MESSAGE [STATUS]
  printf '%s: %s\n' "./dev" "$1" >&2
  exit "${2:-1}"
}

# ticker TITLE: says that it still runs, in place on a terminal and once a
# minute elsewhere, until it is stopped or ./dev is gone.
ticker() {
  local title=$1 from=$SECONDS interval=60 before='' after=$'\n' due=0
  if [[ -t 3 ]]; then interval=2 before=$'\r' after=''; fi
  due=$interval
  if [[ -t 3 ]]; then printf '  %s …' "$title" >&3; fi
  while sleep 2 && [[ -d /proc/$$ ]]; do
    if ((SECONDS - from >= due)); then
      printf '%s  %s … %d s%s' "$before" "$title" $((SECONDS - from)) \
        "$after" >&3
      due=$((due + interval))
    fi
  done
}

# step TITLE LOG COMMAND…: runs the command, and shows the end of its log where
# it fails.
step() {
  local title=$1 log=$LOGS/$2.log from=$SECONDS status=0 clear=''
  shift 2
  mkdir -p "$(dirname "$log")"
  ticker "$title" >/dev/null 2>&1 </dev/null &
  local pid=$!
  "$@" >"$log" 2>&1 </dev/null || status=$?
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  if [[ -t 3 ]]; then clear=$'\r\033[K'; fi
  if [[ $status -ne 0 ]]; then
    say "$clear  $title: failed after $((SECONDS - from)) s; the end of" \
      "${log#"$ROOT"/}:"
    tail -n 25 "$log" | sed 's/^/    | /' >&3
    return "$status"
  fi
  if ((SECONDS - from > 0)); then
    say "$clear  $title: $((SECONDS - from)) s"
  else
    printf '%s' "$clear" >&3
  fi
}
