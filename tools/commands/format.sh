# ./dev format
source tools/packages.sh
source tools/build.sh
source tools/dependencies.sh
source tools/sources.sh

need_packages build demo clang
need_php_tools
need_npm .
cpp_files | xargs clang-format-14 -i
prettier_files | xargs node_modules/.bin/prettier --write --log-level warn
# phpcbf answers 1 when it has mended something.
"$PHP_TOOLS/bin/phpcbf" -q || [[ $? -eq 1 ]]
