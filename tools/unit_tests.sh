# unit_tests PRESET [OPTION…]: GoogleTests through ctest, counted. They share a
# server of each database, where they do not treat one badly.
unit_tests() {
  local preset=$1 report status=0 run=()
  shift
  report=$OUT/log/ctest-$preset.xml
  rm -f "$report"
  need_packages build test
  configure "$preset" -DRT_TESTS=ON
  compile "$preset" unit_tests
  # gcc's thread sanitizer wants its shadow where newer kernels may put a
  # library; a fixed layout of the address space keeps the place free.
  if setarch -R true 2>/dev/null; then run=(setarch -R); fi
  "${run[@]}" "$OUT/build/$preset/bin/shared_servers" \
    ctest --test-dir "$OUT/build/$preset" -j "$JOBS" \
    --output-on-failure --no-tests=error --output-junit "$report" "$@" ||
    status=$?
  count_junit "$report" "$status"
}
