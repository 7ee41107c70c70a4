# `check` names file, line, key and the nearest key; `serve` refuses the same.
. "$(dirname "$0")/cli.sh"

expect 0 "$drupalrtd" config default
cp output default.toml
expect 0 "$drupalrtd" check --config default.toml
says 'no mistakes'
expect 0 "$drupalrtd" check --config \
  "$source_dir/tests/conformance/centrifugo.toml"

printf '[client]\nping_intervall = "3s"\n' >wrong.toml
wrong='wrong.toml:2: client.ping_intervall: no such key (did you mean'
expect 2 "$drupalrtd" check --config wrong.toml
says "$wrong \"client.ping_interval\"?)"
expect 2 "$drupalrtd" serve --config wrong.toml
says "$wrong"

printf '[[channel.namespaces]]\nname = "chat"\nhistory_sice = 1\n' >wrong.toml
expect 2 "$drupalrtd" check --config wrong.toml
says 'wrong.toml:3: channel.namespaces[0].history_sice:'
says 'history_size'

expect 2 "$drupalrtd" check --config absent.toml
says 'absent.toml: cannot be read'

expect 2 env DRUPALRT_WORKERS=x "$drupalrtd" check
says 'environment variable DRUPALRT_WORKERS: workers: expected'
expect 0 env DRUPALRT_WORKRES=1 "$drupalrtd" check
says 'DRUPALRT_WORKRES is no configuration key (did you mean'

cat >site.json <<'SITE'
{"version": 1, "key": "example", "secret": "0123456789abcdef0123456789abcdef",
 "hosts": ["example.test"], "schema": 10,
 "session": {"handler": "Drupal\\Core\\Session\\SessionHandler",
             "serializer": "php"},
 "database": {"driver": "sqlite", "path": "/nonexistent"},
 "namespaces": [{"name": "chat", "history_size": 10, "history_ttl": "60s"}]}
SITE
expect 0 "$drupalrtd" check --site site.json
sed 's/history_ttl/history_tll/' site.json >wrong.json
expect 2 "$drupalrtd" check --site site.json --site wrong.json
says 'wrong.json: $.namespaces[0].history_tll: unknown key'
expect 2 "$drupalrtd" serve --site wrong.json
says 'history_tll'
expect 2 "$drupalrtd" whois --site wrong.json
says 'history_tll'
expect 2 "$drupalrtd" whois --site absent.json
says 'absent.json: cannot be read'

finished
