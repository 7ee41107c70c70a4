# drupalrtd token and tail: made by the running broker, checked by its keys.
. "$(dirname "$0")/cli.sh"

cat >config.toml <<TOML
[client.token]
hmac_secret_key = "the secret of this test"
[[channel.namespaces]]
name = "open"
subscribe = "everyone"
TOML
here() { "$drupalrtd" token "$@" --socket "$work/s" --state "$work/state"; }

# No broker runs: what is named has to be enough.
expect 1 here connection --user 5
says "no broker answers"
expect 0 here connection --user 5 --ttl 90m --channel open:1 --config config.toml
cp output token
expect 0 sh -c "'$drupalrtd' token check --config config.toml <token"
says '"sub":"5"'
says '"subs":{"open:1":{}}'
says "good: a connection token"
expect 0 here check "$(cat token)" --config config.toml
says "good: a connection token"
expect 2 here check "$(cat token)"
says "there is no key to check it by"
cat >site.json <<SITE
{"version": 1, "key": "example", "hosts": ["example.test"],
 "secret": "0123456789abcdef0123456789abcdef",
 "tokens": {"audience": "browsers", "issuer": "example"}}
SITE
expect 0 here subscription --user 5 --channel open:1 --client c --site site.json
cp output token
expect 0 here check "$(cat token)" --site site.json
says '"aud":"browsers"'
says '"client":"c"'
says "good: a subscription token"
expect 1 here check "$(cat token)" --config config.toml
says "no good: its signature is wrong"
sed 's/"browsers"/"others"/' site.json >others.json
expect 1 here check "$(cat token)" --site others.json
says "no good: it is not for this audience"
expect 2 here check x --key nowhere
says "no sites to read"
# One that PHP registered is found in the state.
mkdir -p state/sites
printf '{"registered_by":0,"document":%s}\n' "$(cat site.json)" \
  >state/sites/example.json
expect 0 here check "$(cat token)" --key example
says "good: a subscription token"
rm -r state
sed '/"secret"/d' site.json >open.json
expect 1 here connection --user 5 --site open.json
says "no broker answers"
for ttl in 0 -1 soon 400d ''; do
  expect 2 here connection --user 5 --ttl "$ttl" --config config.toml
  says "--ttl must be"
done
expect 2 here connection --user 5 --channel '' --config config.toml
says "--channel must be"
printf '[client.token]\nhmac_secret_key = "one"\n[client.subscription_token]
enabled = true\nhmac_secret_key = "two"\n' >two.toml
expect 0 here subscription --user 5 --channel open:1 --config two.toml
cp output token
expect 0 here check "$(cat token)" --config two.toml
says "good: a subscription token"
expect 2 "$drupalrtd" token
says "Usage: drupalrtd token"
expect 2 "$drupalrtd" token connection
says "user"

serve --config config.toml --insecure
run() { "$drupalrtd" "$@" --socket "$work/s" --state "$work/state"; }

expect 0 run token connection --user 5 --ttl 60 --info '{"name":"member"}'
cp output token
expect 0 sh -c "'$drupalrtd' token check --config config.toml <token"
says '"sub":"5"'
says '"name":"member"'
says "good: a connection token"
expect 0 run token subscription --user 5 --channel open:1
cp output token
expect 0 sh -c "'$drupalrtd' token check --config config.toml <token"
says "good: a subscription token"
sed 's/the secret/another secret/' config.toml >other.toml
expect 1 sh -c "'$drupalrtd' token check --config other.toml <token"
says "no good: its signature is wrong"
expect 1 sh -c "echo rubbish | '$drupalrtd' token check --config config.toml"
says "no good"
expect 2 run token connection --user 5 --info rubbish
says "is not JSON"
# Whose it is, is found in the state, too.
expect 2 run token check x --key nowhere
says "nowhere"

run tail open:1 >tailed 2>&1 &
tail_pid=$!
# It listens when the channel has a subscriber.
tries=0
until run publish open:1 '{"n":1}' | grep -q '"receivers":1'; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || break
  sleep 0.1
done
tries=0
until grep -q '"n":1' tailed; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || break
  sleep 0.1
done
cp tailed output
says '{"data":{"n":1}}'
kill $tail_pid
expect 1 run token connection --user 5 --key nowhere
says "nowhere"
kill "$broker_pid"
ended

finished
