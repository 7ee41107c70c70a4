# phpt FOLDER: runs the phpt files staged in FOLDER/tests/ext on the extension
# built there, in plain `php -n` with what the tests may want. Called in a
# Debian 13 root, too.
phpt() {
  local folder=$1 php settings=() extension status=0
  php=$(php-config --php-binary)
  settings=(-d "extension=$folder/modules/drupalrt.so")
  for extension in posix sockets; do
    if [[ -e $(php-config --extension-dir)/$extension.so ]] &&
      ! "$php" -n -m | grep -qx "$extension"; then
      settings+=(-d "extension=$extension")
    fi
  done
  cd "$folder"
  NO_INTERACTION=1 TEST_PHP_EXECUTABLE=$php TEST_PHP_ARGS="-n -q" \
    "$php" -n run-tests.php -n -q -j2 --show-diff --no-color --no-progress --set-timeout 60 \
    "${settings[@]}" tests/ext >phpt.out 2>&1 || status=$?
  cat phpt.out
  cd - >/dev/null
  return "$status"
}
