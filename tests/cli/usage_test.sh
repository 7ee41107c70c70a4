# Wrong usage ends with 2 and says what was meant; help ends with 0.
. "$(dirname "$0")/cli.sh"

expect 2 "$drupalrtd"
says 'Usage: drupalrtd COMMAND'
expect 0 "$drupalrtd" help
says 'serve'
expect 0 "$drupalrtd" --version
says "drupalrtd $(cat "$source_dir/VERSION")"

expect 2 "$drupalrtd" sevre
says 'there is no command "sevre" (did you mean "serve"?)'
expect 2 "$drupalrtd" serve --wrokers 3
says 'has no option --wrokers (did you mean "--workers"?)'
expect 2 "$drupalrtd" serve --workers
says '--workers'
expect 2 "$drupalrtd" serve --workers many
says 'flag --workers: workers: expected a whole number from 1 to 256'
expect 2 "$drupalrtd" serve --listen example.test:80
says 'flag --listen: listen: expected ADDRESS:PORT'
expect 2 "$drupalrtd" config defaults
says '--help'
expect 2 "$drupalrtd" whois
says '--site is required'
expect 2 "$drupalrtd" publish chat '{"half":'
says 'the event is not JSON'

for command in serve check config stop restart status whois access account \
  node value publish; do
  expect 0 "$drupalrtd" "$command" --help
  says "Usage: drupalrtd $command"
done

finished
