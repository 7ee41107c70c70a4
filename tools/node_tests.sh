# node_tests LOG FILE…: runs files of node:test, counted.
node_tests() {
  local log=$LOGS/$1.out status=0
  shift
  [[ -e ${1:-} ]] || { echo "there are no tests" && return 1; }
  node --test "$@" >"$log" 2>&1 || status=$?
  cat "$log"
  count_node "$log" "$status"
}
