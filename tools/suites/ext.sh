# the extension's phpt files on this machine's PHP
source tools/phpt.sh
need_build
need_packages build demo test
folder=$OUT/ext/$(php_version)
rm -rf "$folder/tests"
mkdir -p "$folder/tests"
cp -r tests/ext "$folder/tests/"
status=0
phpt "$folder" || status=$?
count_phpt "$folder/phpt.out"
exit "$status"
