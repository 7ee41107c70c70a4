# drupalrtd token and tail: made by the running broker, checked by its keys.
. "$(dirname "$0")/cli.sh"

cat >config.toml <<TOML
[client.token]
hmac_secret_key = "the secret of this test"
[[channel.namespaces]]
name = "open"
subscribe = "everyone"
TOML
expect 1 "$drupalrtd" token connection --user 5 --socket "$work/s" --state "$work/state"
says "no broker answers"
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
expect 1 run token connection --user 5 --ttl 0
says "ttl"

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
