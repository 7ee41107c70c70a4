# node:test: the browser client
source tools/node_tests.sh
need_packages demo
need_npm .
step "Bundling the browser client" bundle npm run build
node_tests js tests/js/*.test.*js
