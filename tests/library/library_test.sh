# A program outside of this tree: built against the installed library with
# pkg-config, run on a recorded site.
#   library_test.sh BUILD-FOLDER SOURCE-FOLDER CMAKE CXX
set -eu
build=$1
source_dir=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "FAILED: $1"
  exit 1
}

"$3" --install "$build" --component library --prefix "$work/moved" >/dev/null
mv moved installed # an installed tree may lie elsewhere later
file=$(find installed -name drupalrt.pc)
[ -n "$file" ] || fail "no drupalrt.pc is installed"
PKG_CONFIG_PATH=$work/$(dirname "$file")
export PKG_CONFIG_PATH
[ "$(pkg-config --modversion drupalrt)" = "$(cat "$source_dir/VERSION")" ] ||
  fail "drupalrt.pc has another version"

cp "$source_dir/doc/examples/who_may.cc" .
# shellcheck disable=SC2046 # flags are words
"$4" -Wall -Wextra -Werror who_may.cc $(pkg-config --cflags --libs drupalrt) \
  -o who_may || fail "the example does not build"

php -r '
  [, $base, $asked] = $argv;
  $db = new PDO("sqlite:site.db");
  $db->sqliteCreateCollation("NOCASE_UTF8", "strcmp");
  $db->exec("BEGIN;" . file_get_contents("$base.sql") . "COMMIT;");
  $site = json_decode(file_get_contents("$base.json"));
  file_put_contents("site.json", json_encode([
    "version" => 1, "key" => "golden", "hosts" => [$site->host],
    "database" => ["driver" => "sqlite", "path" => "site.db"],
  ]));
  foreach ($site->cookies as $one) {
    $says = $one->drupal_says;
    $may = in_array($asked, $says->permissions, true) ? "may" : "may not";
    file_put_contents("cookies", "$one->cookie\n", FILE_APPEND);
    file_put_contents("expected", "$says->uid $says->name $may\n", FILE_APPEND);
  }' "$source_dir/tests/golden/drupal10-sqlite" "access content overview"
./who_may site.json "access content overview" <cookies >answers ||
  fail "the example fails"
diff -u expected answers || fail "the example says something else than Drupal"
grep -c ' may$' answers >/dev/null || fail "nobody may"
