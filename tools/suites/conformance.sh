# node:test: the broker on the wire, with the official JavaScript client
need_packages build demo test
need_build
need_npm .
status=0
node --test tests/conformance/*.test.mjs \
  >"$LOGS/conformance.out" 2>&1 || status=$?
cat "$LOGS/conformance.out"
count_node "$LOGS/conformance.out" "$status"
