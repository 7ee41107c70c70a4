# ./dev long [--seconds N] [--clients N] [--seed N]
source tools/packages.sh
source tools/build.sh
source tools/dependencies.sh

need_packages build demo
build_all
need_npm .
exec node tests/soak/run.mjs "$@"
