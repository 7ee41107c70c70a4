# node:test: what the broker answers on its sockets, byte by byte
source tools/node_tests.sh
need_packages build demo
need_build
need_npm .
node_tests conformance tests/conformance/*.test.*js
