# fuzz targets, 20 seconds each; our readers beside PHP's, 5,000 cases
source tools/fuzzing.sh
need_packages build test
build_differential
check "the readers of sessions, roles and cookies beside PHP's" \
  differential --cases=5000 --cookies=2000 --seed=1
build_fuzz_targets
mapfile -t names < <(fuzz_targets)
[[ ${#names[@]} -gt 0 ]] || { echo "there are no fuzz targets" && exit 1; }
while read -r verdict name; do
  echo "$verdict: $name, $(grep -E '^stat::number_of_exec' \
    "$OUT/fuzz/$name/log" || echo 'no statistics')"
  if [[ $verdict == ok ]]; then
    count 1 0 0
  else
    count 0 1 0
    tail -n 40 "$OUT/fuzz/$name/log"
  fi
done < <(fuzz_all 20 "${names[@]}")
