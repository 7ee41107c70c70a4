# ./dev build
source tools/packages.sh
source tools/build.sh

build_all
say "Broker:    ${DRUPALRTD#"$ROOT"/}"
say "Extension: ${DRUPALRT_SO#"$ROOT"/}"
