# One line per long step, with the time it took; its output goes to a log.
# Progress is written to descriptor 3, so that a suite whose own output is
# logged can still tell what it waits for.

if ! { true >&3; } 2>/dev/null; then exec 3>&1; fi

say() { printf '%s\n' "$*" >&3; }

fail() { # MESSAGE [STATUS]
  printf '%s: %s\n' "./dev" "$1" >&2
  exit "${2:-1}"
}

# step TITLE LOG COMMAND…: runs the command, and shows the end of its log where
# it fails. A line every minute says that it still runs.
step() {
  local title=$1 log=$LOGS/$2.log from=$SECONDS status=0 ticker
  shift 2
  mkdir -p "$(dirname "$log")"
  (
    exec >/dev/null 2>&1 </dev/null
    trap 'kill "$sleeper" 2>/dev/null; exit' TERM
    while true; do
      sleep 60 & sleeper=$!
      wait "$sleeper"
      printf '  %s … %d s\n' "$title" $((SECONDS - from)) >&3
    done
  ) &
  ticker=$!
  "$@" >"$log" 2>&1 </dev/null || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  if [[ $status -ne 0 ]]; then
    say "  $title: failed after $((SECONDS - from)) s; the end of ${log#"$ROOT"/}:"
    tail -n 25 "$log" | sed 's/^/    | /' >&3
    return "$status"
  fi
  say "  $title: $((SECONDS - from)) s"
}
