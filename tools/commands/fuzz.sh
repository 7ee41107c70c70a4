# ./dev fuzz [SECONDS] [TARGET…]
# ./dev fuzz --differential[=CASES] [--seed=N | --case=N] [--php=COMMAND]
source tools/packages.sh
source tools/build.sh
source tools/fuzzing.sh

if [[ ${1:-} == --differential* ]]; then
  cases=100000
  [[ $1 == *=* ]] && cases=${1#*=}
  shift
  [[ $cases =~ ^[0-9]+$ ]] || fail "--differential=$cases: no number" 2
  need_packages build test
  build_differential
  status=0
  differential --cases="$cases" --cookies=$((cases / 10)) \
    --seed="$(date +%s)" "$@" || status=$?
  exit "$status"
fi

seconds=20
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
  seconds=$1
  shift
fi
mapfile -t names < <(fuzz_targets)
for name in "$@"; do
  [[ " ${names[*]} " == *" $name "* ]] ||
    fail "there is no fuzz target '$name'; there are: ${names[*]}" 2
done
[[ $# -gt 0 ]] && names=("$@")
build_fuzz_targets
say "Fuzzing ${#names[@]} targets for $seconds s each, two at a time"
status=0
while read -r verdict name; do
  say "  $name: $verdict (out/fuzz/$name/log)"
  [[ $verdict == ok ]] || status=1
done < <(fuzz_all "$seconds" "${names[@]}")
exit "$status"
