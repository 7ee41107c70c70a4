#!/usr/bin/env bash
# Makes the module's archives, with the browser client built in:
# out/drupalrt-VERSION.tar.gz and, where zip is there, .zip. The same sources
# make the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(tr -d '[:space:]' <VERSION)
client=drupal_module/drupalrt/js/dist/drupalrt.js
if [[ ! -e $client ]]; then
  echo "$client is missing: run npm run build first." >&2
  exit 1
fi
out=$PWD/out/package/module
rm -rf "$out"
mkdir -p "$out"
cp -R drupal_module/drupalrt "$out/drupalrt"
# What the module does not need to run.
rm -rf "$out/drupalrt/.gitignore" "$out/drupalrt/vendor"
for info in "$out"/drupalrt/*.info.yml "$out"/drupalrt/modules/*/*.info.yml; do
  printf "version: '%s'\n" "$version" >>"$info"
done

stamp=$(git log -1 --format=%ct -- drupal_module 2>/dev/null || echo 0)
archive=$PWD/out/drupalrt-$version
rm -f "$archive.tar.gz" "$archive.zip"
tar -C "$out" --sort=name --owner=0 --group=0 --numeric-owner \
  --mode=u=rwX,go=rX --mtime="@${stamp:-0}" -cf - drupalrt | gzip -n -9 >"$archive.tar.gz"
echo "out/${archive##*/}.tar.gz"
if command -v zip >/dev/null; then
  find "$out" -exec touch -d "@${stamp:-0}" {} +
  (cd "$out" && find drupalrt -type f | LC_ALL=C sort | zip -q -X -9 -@ "$archive.zip")
  echo "out/${archive##*/}.zip"
fi
