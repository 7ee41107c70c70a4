# end to end on the sample site, in headless Chromium
source tools/site.sh
need_packages build demo browser test stores
need_build
need_site
need_npm tests/e2e
status=0
npm --prefix tests/e2e --silent test >"$LOGS/e2e.out" 2>&1 || status=$?
cat "$LOGS/e2e.out"
count_node "$LOGS/e2e.out" "$status"
