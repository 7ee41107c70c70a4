# ./dev bench [ARG…]
source tools/packages.sh
source tools/build.sh

need_packages build bench
build_all
exec 3>&-
exec bash bench/run "$@"
