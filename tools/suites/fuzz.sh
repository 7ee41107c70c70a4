# every fuzz target for 20 seconds
source tools/fuzzing.sh
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
