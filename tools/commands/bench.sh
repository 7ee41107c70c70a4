# ./dev bench [ARG…] | encodings [ARG…] | recovery [ARG…]
source tools/packages.sh
source tools/build.sh
source tools/dependencies.sh

need_packages build bench
build_all
case ${1:-} in
  encodings | recovery)
    need_npm .
    exec node "bench/$1.mjs" "${@:2}"
    ;;
esac
exec 3>&-
exec bash bench/run "$@"
