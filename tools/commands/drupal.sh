# ./dev drupal [PATH]
source tools/packages.sh
source tools/dependencies.sh
source tools/site.sh

need_packages build demo
[[ -n ${1:-} ]] && export DRUPAL_ROOT=$1
DRUPAL_ROOT=$(find_drupal)
export DRUPAL_ROOT
[[ -n $DRUPAL_ROOT ]] || fail "There is no Drupal here: Composer's registry
  carries none. Name a site that you have: ./dev drupal PATH"
say "Drupal: $DRUPAL_ROOT"
source tools/commands/test.sh drupal
