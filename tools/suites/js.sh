# node:test: the browser client
need_packages demo
need_npm .
step "Bundling the browser client" bundle npm run build
status=0
mapfile -t files < <(find tests/js -name '*.test.*js' -o -name '*_test.*js' | sort)
[[ ${#files[@]} -gt 0 ]] || { echo "there are no tests in tests/js" && exit 1; }
node --test "${files[@]}" >"$LOGS/js.out" 2>&1 || status=$?
cat "$LOGS/js.out"
count_node "$LOGS/js.out" "$status"
