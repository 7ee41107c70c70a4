# the plain PHP way at the root of a clean copy, and the module's archive
need_packages build demo
copy=$OUT/package/source
rm -rf "$OUT/package"
mkdir -p "$copy"
tracked | while read -r file; do
  [[ -f $file ]] && printf '%s\0' "$file"
done | tar --null -T - -cf - | tar -C "$copy" -xf -
(cd "$copy" && find . -type f -print0 | xargs -0 sha256sum) \
  >"$OUT/package/digests"

phpize_and_make() {
  cd "$copy"
  phpize && ./configure && make -j "$JOBS" &&
    make install INSTALL_ROOT="$OUT/package/root"
}
installed() {
  local so
  so=$(find "$OUT/package/root" -name drupalrt.so)
  [[ -n $so ]] && php -n -d "extension=$so" --ri drupalrt
}
left_clean() {
  cd "$copy"
  make distclean >/dev/null
  phpize --clean
  sha256sum --check --quiet "$OUT/package/digests"
}
with_broker() {
  cd "$copy"
  # What the compiler's cache has of the same sources elsewhere serves here.
  export CCACHE_BASEDIR=$copy
  phpize && ./configure --with-broker && make -j "$JOBS" &&
    make install INSTALL_ROOT="$OUT/package/both" &&
    "$(find "$OUT/package/both" -type f -name drupalrtd)" --version
}
described() { composer validate --no-check-all --no-check-publish "$1"; }
archive() {
  need_npm .
  npm run build && bash drupal_module/package.sh
}

check "phpize && ./configure && make && make install" phpize_and_make
check "the installed extension loads" installed
check "what it leaves can be cleaned, and touched no source" left_clean
check "./configure --with-broker builds and installs both" with_broker
check "composer.json of the extension" described composer.json
check "composer.json of the module" described \
  drupal_module/drupalrt/composer.json
check "the module's archive" archive
