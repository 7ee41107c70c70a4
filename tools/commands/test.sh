# ./dev test [--list] [SUITE…]
suites=(core ext php js conformance soak e2e drupal package lint asan tsan fuzz
  ext84)

if [[ ${1:-} == --list ]]; then
  for name in "${suites[@]}"; do
    sed -n "1s/^# /$(printf '%-12s' "$name")/p" "tools/suites/$name.sh"
  done
  exit
fi

for name in "$@"; do
  [[ " ${suites[*]} " == *" $name "* ]] ||
    fail "there is no suite '$name'; there are: ${suites[*]}" 2
done
[[ $# -gt 0 ]] && suites=("$@")

RUN=$(mktemp -d)
export RUN
trap 'rm -rf "$RUN"' EXIT
trap 'exit 130' INT TERM

totals=(0 0 0)
for name in "${suites[@]}"; do
  say "$name"
  from=$SECONDS
  export COUNTS=$RUN/counts-$name
  : >"$COUNTS"
  status=0
  bash tools/suite.sh "$name" >"$LOGS/$name.log" 2>&1 </dev/null || status=$?
  read -r passed failed skipped < <(awk '
    { p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$COUNTS")
  # A suite that did not start, or that ended early, is a failure.
  if [[ $failed -eq 0 && ($status -ne 0 || $passed$skipped == 00) ]]; then
    failed=1
  fi
  if [[ $failed -ne 0 ]]; then
    say "  the end of ${LOGS#"$ROOT"/}/$name.log:"
    tail -n 40 "$LOGS/$name.log" | sed 's/^/    | /'
    say "  what failed, by name:"
    # As TAP, run-tests.php, ctest, PHPUnit and our own checks name it.
    grep -aE '^(not ok|FAIL)|^\s*[0-9]+ - .* \([A-Z]|^[0-9]+\) [A-Z]' \
      "$LOGS/$name.log" | sed 's/^\s*/    | /' | head -n 20 || true
  fi
  say "  $name: $passed passed, $failed failed, $skipped skipped" \
    "($((SECONDS - from)) s)"
  totals=($((totals[0] + passed)) $((totals[1] + failed))
    $((totals[2] + skipped)))
done

echo "${totals[0]} passed, ${totals[1]} failed, ${totals[2]} skipped"
[[ ${totals[1]} -eq 0 ]]
