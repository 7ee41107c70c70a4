# every static check: formats, clang-tidy, phpcs, phpstan, eslint, shellcheck
for part in sources tidy arginfo; do source "tools/$part.sh"; done

need_packages build demo test clang
need_php_tools
need_npm .
need_composer demo
configure release -DRT_TESTS=ON

clang_format() {
  cpp_files | xargs -P "$JOBS" -n 40 clang-format-14 --dry-run -Werror
}
clang_tidy() {
  compile release all && tidy "$OUT/build/release"
}
phpstan() {
  "$PHP_TOOLS/bin/phpstan" analyse --no-progress --memory-limit=1G \
    --error-format=raw "$@"
}
eslint() { node_modules/.bin/eslint --max-warnings=0 .; }
prettier() {
  prettier_files | xargs node_modules/.bin/prettier --check --log-level warn
}
shell() { shell_files | xargs shellcheck --severity=warning; }

check "clang-format" clang_format
check "clang-tidy" clang_tidy
check "phpcs" "$PHP_TOOLS/bin/phpcs" -q
check "phpstan, the module" phpstan
check "phpstan, the sample site" phpstan -c tools/phpstan-demo.neon
check "eslint" eslint
check "prettier" prettier
check "shellcheck" shell
check "arginfo is what the stub file says" check_arginfo
