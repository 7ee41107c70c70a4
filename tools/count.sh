# How a suite's results are counted: lines "passed failed skipped" in $COUNTS.

count() { echo "$1 $2 $3" >>"$COUNTS"; }

# check TITLE COMMAND…: one result, by the command's exit status.
check() {
  local title=$1
  shift
  if ("$@"); then
    echo "ok: $title"
    count 1 0 0
  else
    echo "FAILED: $title"
    say "  $title: failed"
    count 0 1 0
  fi
}

skip() { # WHY
  echo "skipped: $1"
  say "  skipped: $1"
  count 0 0 "${2:-1}"
}

# count_junit FILE [STATUS]: by the first <testsuite> of a JUnit report. A run
# that failed without a failure in its report is a failure.
count_junit() {
  local head tests=0 failed=0 skipped=0 key value
  head=$(awk '/<testsuite / { on = 1 } on { print } on && />/ { exit }' "$1")
  while IFS='=' read -r key value; do
    case $key in
      tests) tests=$value ;;
      failures | errors) failed=$((failed + value)) ;;
      skipped | disabled) skipped=$((skipped + value)) ;;
    esac
  done < <(grep -oE '(tests|failures|errors|skipped|disabled)="[0-9]+"' \
    <<<"$head" | tr -d '"')
  [[ ${2:-0} -ne 0 && $failed -eq 0 ]] && failed=1
  count $((tests > failed + skipped ? tests - failed - skipped : 0)) \
    "$failed" "$skipped"
}

# count_phpt FILE: by the summary of PHP's run-tests.php.
count_phpt() {
  awk '
    /^Tests (passed|failed|skipped|warned|borked|leaked)/ ||
    /^Expected fail/ {
      name = $2
      for (i = 1; i <= NF; i++) if ($i == ":") { n = $(i + 1); break }
      if (name == "passed") passed = n
      else if (name == "skipped") skipped = n
      else failed += n
    }
    END {
      if (passed + failed + skipped == 0) failed = 1
      print passed + 0, failed + 0, skipped + 0
    }' "$1" >>"$COUNTS"
}

# count_node FILE STATUS: by the summaries of node:test, whichever reporter.
count_node() {
  awk -v status="$2" '
    $1 == "#" || $1 == "ℹ" {
      if ($2 == "pass") passed += $3
      else if ($2 == "fail" || $2 == "cancelled") failed += $3
      else if ($2 == "skipped" || $2 == "todo") skipped += $3
    }
    END {
      if (status != 0 && !failed) failed = 1
      if (passed + failed + skipped == 0) failed = 1
      print passed + 0, failed + 0, skipped + 0
    }' "$1" >>"$COUNTS"
}

# count_line FILE STATUS: by a last line "N passed, N failed, N skipped".
count_line() {
  awk -v status="$2" '
    /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
      passed = $1; failed = $3; skipped = $5; found = 1
    }
    END {
      if (!found || (status != 0 && failed == 0)) failed += 1
      print passed + 0, failed + 0, skipped + 0
    }' "$1" >>"$COUNTS"
}
