# the module on a throw-away copy of a Drupal site
source tools/site.sh
need_packages build demo
DRUPAL_ROOT=$(find_drupal)
export DRUPAL_ROOT
if [[ -z $DRUPAL_ROOT ]]; then
  skip "there is no Drupal: Composer's registry carries none; set DRUPAL_ROOT"
  exit 0
fi
need_packages drupal browser test
need_build
need_site
status=0
bash tests/drupal/run >"$LOGS/drupal.out" 2>&1 || status=$?
cat "$LOGS/drupal.out"
count_line "$LOGS/drupal.out" "$status"
