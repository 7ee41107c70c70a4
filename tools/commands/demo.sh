# ./dev demo [--check] [--store=WORD | --drupal=PATH] [ARG…]
source tools/packages.sh
source tools/build.sh
source tools/dependencies.sh
source tools/site.sh

arguments=() sets=(demo) store=
for argument in "$@"; do
  case $argument in
    --drupal=*) export DRUPAL_ROOT=${argument#--drupal=} ;;
    --store=*) store=${argument#--store=} arguments+=("$argument") sets+=(stores) ;;
    --check) arguments+=(--check) sets+=(browser) ;;
    *) arguments+=("$argument") ;;
  esac
done

need_packages build "${sets[@]}"
build_all
need_site
if [[ -e demo/check/package.json ]]; then need_npm demo/check; fi

if [[ -n $store ]]; then
  say "Showing the sample site on $store."
  DRUPAL_ROOT=
else
  DRUPAL_ROOT=$(find_drupal)
fi
if [[ -n $DRUPAL_ROOT ]]; then
  say "Drupal: $DRUPAL_ROOT (the demo runs on a copy of it)"
  arguments+=("--drupal=$DRUPAL_ROOT")
elif [[ -z $store ]]; then
  say "No Drupal is to be had here (--drupal=PATH names one): showing the" \
    "sample site."
fi
exec 3>&-
exec demo/run "${arguments[@]}"
