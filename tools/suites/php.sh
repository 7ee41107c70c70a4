# PHPUnit: the module's Drupal-free classes, and the sample site
need_packages build demo

# phpunit FOLDER: the folder's own configuration and packages.
phpunit() {
  local folder=$1 report status=0
  report=$LOGS/phpunit-$(tr / - <<<"$folder").xml
  rm -f "$report"
  need_composer "$folder"
  (cd "$folder" && vendor/bin/phpunit --colors=never --log-junit "$report") ||
    status=$?
  [[ -e $report ]] || echo '<testsuite >' >"$report"
  count_junit "$report" "$status"
}

phpunit tests/php
if [[ -e demo/phpunit.xml.dist ]]; then phpunit demo; fi
