# Is ext/drupalrt_arginfo.h what the stub file says? PHP's own generator is in
# the development package; the parser that it would fetch comes from Composer.
# Generators differ in form from PHP to PHP: compared with 8.2's alone.

check_arginfo() {
  local folder=$OUT/tools/stub generator version
  generator=$(php-config --extension-dir)/build/gen_stub.php
  if [[ $(php_version) != 8.2 || ! -e $generator ]]; then
    echo "this machine has not PHP 8.2's gen_stub.php: nothing compared"
    return
  fi
  version=$(sed -n 's/.*\$version = "\([0-9.]*\)";.*/\1/p' "$generator")
  mkdir -p "$folder"
  cp "$generator" "$folder/"
  if [[ ! -d $folder/PHP-Parser-$version/lib ]]; then
    composer --working-dir="$folder" -q require "nikic/php-parser:$version"
    ln -sfn vendor/nikic/php-parser "$folder/PHP-Parser-$version"
  fi
  rm -f "$folder/drupalrt_arginfo.h"
  cp ext/drupalrt.stub.php "$folder/"
  php "$folder/gen_stub.php" "$folder/drupalrt.stub.php"
  diff -u ext/drupalrt_arginfo.h "$folder/drupalrt_arginfo.h"
}
