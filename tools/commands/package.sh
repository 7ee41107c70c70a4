# ./dev package
source tools/packages.sh
source tools/dependencies.sh

need_packages demo
need_npm .
step "Bundling the browser client" bundle npm run build
exec bash drupal_module/package.sh "$@"
