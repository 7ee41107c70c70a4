# A broker's life from the command line: start, status, publish, a second
# start, restart, stop.
. "$(dirname "$0")/cli.sh"
at="--socket $work/s --state $work/state"

expect 1 "$drupalrtd" status $at
says "no broker answers at $work/s"
expect 1 "$drupalrtd" publish $at test '{}'
says "no broker answers at $work/s"
expect 1 "$drupalrtd" stop $at
says "no broker is running at $work/s"
expect 1 "$drupalrtd" restart $at
says "no broker is running at $work/s"

serve --insecure
expect 0 "$drupalrtd" status $at
says "running at $work/s"
says "pid $broker_pid"
says 'num_clients'
expect 0 "$drupalrtd" status $at --json
says '"num_clients":0'
expect 0 "$drupalrtd" publish $at test '{"a":1}'
says '{'
echo '"from stdin"' | "$drupalrtd" publish $at test - >output 2>&1 ||
  fail 'does not read the event from stdin'

expect 1 "$drupalrtd" serve $at
says "already running, pid $broker_pid"
expect 1 "$drupalrtd" serve --socket "$work/other" --state "$work/state"
says "already running, pid $broker_pid"
expect 1 "$drupalrtd" serve --socket "$work/s" --state "$work/other"
says "already running, pid $broker_pid"

expect 0 "$drupalrtd" restart $at
says "stopped pid $broker_pid, started pid "
ended || fail 'the restarted broker did not end with 0'
expect 0 "$drupalrtd" status $at
says "running at $work/s"
grep -q 'serves' state/drupalrtd.log ||
  fail 'the new broker does not log into the state folder'
expect 0 "$drupalrtd" stop $at
says 'stopped pid '
expect 1 "$drupalrtd" status $at

# A broker that was killed leaves nothing that hinders the next.
serve --insecure
kill -9 "$broker_pid"
ended
expect 1 "$drupalrtd" stop $at
serve --insecure
kill -TERM "$broker_pid"
ended || fail 'SIGTERM does not end with 0'

# Where systemd keeps the broker, restarting it is systemd's.
NOTIFY_SOCKET="$work/notify" serve --insecure
expect 1 "$drupalrtd" restart $at
says 'systemctl restart drupalrt'
expect 0 "$drupalrtd" stop $at
ended

finished
