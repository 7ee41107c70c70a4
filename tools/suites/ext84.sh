# the extension's phpt files on PHP 8.4, in a Debian 13 root
source tools/phpt.sh
need_packages build debian13
need_build
can_be_root || { say "  not started: a Debian 13 root needs root" && exit 1; }

root=$CACHE/debian13
mkdir -p "$CACHE"
step "Debian 13 with PHP 8.4" debian13 as_root bash tools/debian13.sh \
  create "$root" php8.4-dev php8.4-cli g++ make

# The sources and tests, and the broker with the libraries of this machine.
staged=$OUT/ext/debian13
stage_extension "$staged"
rm -rf "$staged/tests" "$staged/broker" "$staged/tools"
mkdir -p "$staged/tests" "$staged/tools" "$staged/broker/lib"
cp -r tests/ext "$staged/tests/"
cp tools/build.sh tools/phpt.sh "$staged/tools/"
cp -L "$DRUPALRTD" "$staged/broker/drupalrtd.real"
ldd "$DRUPALRTD" | grep -oE '/[^ ]+' | sort -u |
  xargs cp -L -t "$staged/broker/lib"
loader=$(basename "$(ldd "$DRUPALRTD" | grep -oE '/[^ ]*/ld-linux[^ ]*')")
cat >"$staged/broker/drupalrtd" <<TEXT
#!/bin/sh
here=\$(dirname "\$0")
exec "\$here/lib/$loader" --library-path "\$here/lib" "\$here/drupalrtd.real" "\$@"
TEXT
chmod 755 "$staged/broker/drupalrtd"
as_root bash -c "rm -rf '$root/drupalrt' && cp -r '$staged' '$root/drupalrt'"

export DRUPALRTD=/drupalrt/broker/drupalrtd
step "Building the extension for PHP 8.4" ext-8.4 as_root \
  env DRUPALRTD="$DRUPALRTD" bash tools/debian13.sh run "$root" bash -euc '
    JOBS=$(nproc) CCACHE= && . /drupalrt/tools/build.sh
    make_extension /drupalrt'
status=0
as_root env DRUPALRTD="$DRUPALRTD" bash tools/debian13.sh run "$root" \
  bash -euc '. /drupalrt/tools/phpt.sh && phpt /drupalrt' \
  >"$LOGS/ext84.out" 2>&1 || status=$?
cat "$LOGS/ext84.out"
count_phpt "$LOGS/ext84.out"
exit "$status"
