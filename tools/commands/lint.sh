# ./dev lint
source tools/commands/test.sh lint
