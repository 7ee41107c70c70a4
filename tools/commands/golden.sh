# ./dev golden --drupal=PATH [--database=sqlite|mysql|pgsql] [--name=NAME]
#   [--overrides] [--users=N] [--roles=N] [--php=COMMAND] [--out=FOLDER]
source tools/packages.sh

# What Drupal itself asks of PHP, and the database where it is a server.
need_packages demo drupal
[[ " $* " == *" --database=mysql "* || " $* " == *" --database=pgsql "* ]] &&
  need_packages stores
say "Recording a Drupal"
exec node tests/golden/record/main.mjs "$@"
