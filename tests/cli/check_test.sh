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

printf '[client.token]\nrsa_public_key = "rubbish"\n' >wrong.toml
expect 2 "$drupalrtd" check --config wrong.toml
says 'client.token.rsa_public_key: expected a public key in PEM'
expect 1 "$drupalrtd" serve --config wrong.toml --listen 127.0.0.1:0 \
  --internal 127.0.0.1:0 --socket "$work/s" --state "$work/state"
says 'client.token.rsa_public_key: expected a public key in PEM'
printf '[client.token]\njwks_file = "absent.json"\n' >wrong.toml
expect 2 "$drupalrtd" check --config wrong.toml
says 'client.token.jwks_file: absent.json cannot be read: No such file'
printf '{"keys": []}' >keys.json
printf '[client.subscription_token]\nenabled = true\njwks_file = "keys.json"\n' \
  >wrong.toml
expect 2 "$drupalrtd" check --config wrong.toml
says 'client.subscription_token.jwks: the key set holds no RSA, EC or Ed25519'

printf '[tls]\nlisten = ["127.0.0.1:8443"]\ncert = "absent.pem"\nkey = "k"\n' \
  >wrong.toml
expect 2 "$drupalrtd" check --config wrong.toml
says 'absent.pem holds no certificate in PEM that can be read: No such file'

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
says 'no mistakes'

# A site whose sessions cannot be read is served by tokens, and told so.
sed 's/"php"/"igbinary"/' site.json >tokens.json
expect 0 "$drupalrtd" check --site tokens.json
says 'warning: tokens.json: native login is off, and browsers need tokens:'
says 'session.serialize_handler "igbinary" is neither "php" nor'
name=$(printf example.test | sha256sum | cut -c1-32)
echo "SESS$name=x" | "$drupalrtd" whois --site tokens.json >output 2>&1 &&
  fail 'answers a cookie that it cannot read'
says 'igbinary'
sed 's/"handler": .*,/"handler": "redis",/' site.json >store.json
expect 0 "$drupalrtd" check --site store.json
says 'session.store does not say where "redis" keeps them'
sed 's/"handler": .*,/"handler": "redis", "store": {"port": 1},/' site.json \
  >store.json
expect 0 "$drupalrtd" check --site store.json
says 'no mistakes'
sed 's/"port": 1}/"prot": 1}/' store.json >wrong.json
expect 2 "$drupalrtd" check --site wrong.json
says 'wrong.json: $.session.store.prot: unknown key (did you mean "port"?)'

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
