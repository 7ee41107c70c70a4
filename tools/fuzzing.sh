# Fuzz targets: tests/fuzz/<name>_fuzz.cc with seeds in tests/fuzz/corpus/<name>.
# What a run finds stays in out/fuzz/<name>.

build_fuzz_targets() {
  need_packages build clang
  configure fuzz
  compile fuzz fuzz_targets
}

# Without sanitizers: its bounds of time and memory are the broker's own.
build_differential() {
  configure release -DRT_TESTS=ON
  compile release differential
}

differential() { "$OUT/build/release/bin/differential" "$@"; }

fuzz_targets() {
  local source
  for source in tests/fuzz/*_fuzz.cc; do
    [[ -e $source ]] && basename "$source" _fuzz.cc
  done
}

# fuzz_one NAME SECONDS: seeds first, then new inputs; a crash leaves its input.
fuzz_one() {
  local name=$1 seconds=$2 folder=$OUT/fuzz/$1 seeds=()
  mkdir -p "$folder/corpus"
  [[ -d tests/fuzz/corpus/$name ]] && seeds=("tests/fuzz/corpus/$name")
  "$OUT/build/fuzz/bin/${name}_fuzz" -max_total_time="$seconds" \
    -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$folder/" "$folder/corpus" "${seeds[@]}" \
    >"$folder/log" 2>&1
}

# fuzz_all SECONDS NAME…: two at a time; prints a verdict for each as
# "ok NAME" or "failed NAME".
fuzz_all() {
  local seconds=$1
  shift
  export -f fuzz_one
  export UBSAN_OPTIONS=print_stacktrace=1
  printf '%s\n' "$@" | xargs -P 2 -I{} bash -c "
    if fuzz_one {} $seconds; then echo ok {}; else echo failed {}; fi"
}
