# ./dev bench [ARG…]
source tools/packages.sh
source tools/build.sh
source tools/dependencies.sh

need_packages build bench
build_all
[[ -e bench/package.json ]] && need_npm bench
exec bash bench/run "$@"
