# access, account, node, value: answers, exit statuses, wrong usage.
. "$(dirname "$0")/cli.sh"

php -r '
  $db = new PDO("sqlite:site.db");
  $db->exec("BEGIN;" . file_get_contents($argv[1]) . "COMMIT;");' \
  "$source_dir/tests/core/native/drupal10-nodes.sql"
document() {
  printf '{"version": 1, "key": "example", "hosts": ["example.test"], %s
 "database": {"driver": "sqlite", "path": "%s/site.db"}}' "$1" "$work"
}
document '"node_access": "core",' >core.json
document '' >site.json

expect 0 "$drupalrtd" access 2 'access content' --site site.json
says 'allowed: role reader grants it'
expect 0 "$drupalrtd" access 1 'anything' --site site.json
says 'allowed: user 1 may do everything'
expect 0 "$drupalrtd" access 10 'anything' --site site.json
says 'allowed: administrator role boss'
expect 1 "$drupalrtd" access 2 'administer nodes' --site site.json
says 'denied: none of its roles grants it'
expect 1 "$drupalrtd" access 14 'access content' --site site.json
says 'denied: blocked'
expect 1 "$drupalrtd" access 4711 'access content' --site site.json --json
says '{"verdict":"denied","reason":"no such account"}'

expect 0 "$drupalrtd" node 4 1 update --site core.json
says 'allowed: edit any article content'
expect 1 "$drupalrtd" node 4 31 view --language de --site core.json
says 'denied: nothing grants it'
expect 3 "$drupalrtd" node 4 1 --site site.json
says 'unknown: modules may decide in PHP'
expect 2 "$drupalrtd" node 4 1 publish --site core.json

expect 0 "$drupalrtd" account 4 --site site.json
says 'name "member4"'
says 'role editor'
expect 0 "$drupalrtd" account 14 --site site.json --json
says '"active":false,"roles":["authenticated","editor"],"sessions":[]'
# A time that no calendar has is a number.
php <<'PHP'
<?php
$db = new PDO('sqlite:site.db');
$db->exec('CREATE TABLE sessions (uid, sid, hostname, timestamp, session)');
$db->prepare('INSERT INTO sessions VALUES (4, ?, ?, ?, ?)')->execute([
  'a key', '::1', PHP_INT_MAX, '_sf2_attributes|a:1:{s:3:"uid";s:1:"4";}',
]);
PHP
expect 0 "$drupalrtd" account 4 --site site.json
says 'of 9223372036854775807 from'
expect 1 "$drupalrtd" account 4711 --site site.json
says 'no such account'

expect 0 "$drupalrtd" value system.site page.front --site site.json
says '"/user/login"'
expect 1 "$drupalrtd" value system.site page.back --site site.json
says 'there is no page.back in it'
expect 1 "$drupalrtd" value system.sight --site site.json
says 'there is no system.sight'

# Strings are no user ids, and a site has to be named.
for uid in 0x1 1e0 ' 1' '1 ' one 4294967296 ''; do
  expect 2 "$drupalrtd" access "$uid" 'access content' --site site.json
  says 'UID has to be a number'
done
expect 2 "$drupalrtd" access 1 'access content'
says 'name the site: --site FILE or --key SITE'
expect 2 "$drupalrtd" access 1
says 'PERMISSION is required'

rm site.db
expect 3 "$drupalrtd" access 1 'access content' --site site.json
says 'cannot open'
expect 1 "$drupalrtd" account 1 --site site.json

expect 2 "$drupalrtd" access 1 x --key example --state "$work/state"
says 'no sites to read'

finished
