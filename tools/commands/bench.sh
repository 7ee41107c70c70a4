# ./dev bench [ARG…] | encodings [ARG…] | recovery [ARG…] | storm [ARG…] |
# tls [ARG…] | drupal [ARG…]
source tools/packages.sh
source tools/build.sh
source tools/dependencies.sh
source tools/site.sh

need_packages build bench
build_all
case ${1:-} in
  encodings | recovery | tls)
    need_npm .
    exec node "bench/$1.mjs" "${@:2}"
    ;;
  storm)
    need_packages demo stores
    need_npm .
    ulimit -n "$(ulimit -Hn)"
    exec node bench/storm.mjs "${@:2}"
    ;;
  drupal)
    need_packages demo drupal stores test
    need_npm .
    need_composer demo
    if [[ " $* " != *" --drupal"* && " $* " != *" --sample "* ]]; then
      DRUPAL_ROOT=$(find_drupal)
      export DRUPAL_ROOT
    fi
    exec 3>&-
    exec node bench/drupal.mjs "${@:2}"
    ;;
esac
exec 3>&-
exec bash bench/run "$@"
