# ./dev setup [demo|test|bench|all]
source tools/packages.sh

sets=(build)
for purpose in "${@:-demo}"; do
  case $purpose in
    demo) sets+=(demo) ;;
    test) sets+=(demo browser test stores drupal clang debian13) ;;
    bench) sets+=(demo bench stores test) ;;
    all) sets+=(demo browser test stores drupal clang debian13 bench) ;;
    *) fail "setup: one of demo, test, bench, all; not '$purpose'" 2 ;;
  esac
done
need_packages "${sets[@]}"
say "All packages are there (${sets[*]})."
