# half a minute of a crowd that comes, goes and recovers, and what each saw
need_packages build demo
need_build
need_npm .
status=0
node tests/soak/run.mjs --seconds 30 --clients 600 \
  >"$LOGS/soak.out" 2>&1 || status=$?
cat "$LOGS/soak.out"
count_line "$LOGS/soak.out" "$status"
