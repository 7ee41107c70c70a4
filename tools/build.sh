# The broker through CMake, the extension through phpize; both in out/.

# configure PRESET [OPTION…]: again only where there is nothing yet, or where
# options are named; CMake itself notices what changes later.
configure() {
  local preset=$1
  shift
  if [[ $# -gt 0 || ! -e $OUT/build/$preset/build.ninja ]]; then
    step "Configuring ($preset)" "configure-$preset" \
      cmake --preset "$preset" "$@"
  fi
}

# compile PRESET TARGET…
compile() {
  local preset=$1
  shift
  # Two of us at the same time wait for each other.
  step "Compiling ($preset): $*" "build-$preset" \
    flock "$OUT/.compiling-$preset" ninja -C "$OUT/build/$preset" -j "$JOBS" "$@"
}

build_broker() {
  # Without the tests, whose libraries a demo has no need for.
  if [[ ! -e $OUT/build/release/build.ninja ]]; then
    configure release -DRT_TESTS=OFF
  fi
  compile release drupalrtd
  mkdir -p "$OUT/bin"
  ln -sfn ../build/release/bin/drupalrtd "$OUT/bin/drupalrtd"
}

# Copies what the extension is made of to a folder, changed files alone, and
# keeps their names in .changed there until they are built.
stage_extension() { # FOLDER
  local to=$1 file
  mkdir -p "$to"
  while read -r file; do
    [[ -f $file ]] || continue
    cmp -s "$file" "$to/$file" && continue
    mkdir -p "$to/$(dirname "$file")"
    cp "$file" "$to/$file"
    echo "$file" >>"$to/.changed"
  done < <(extension_files)
  while read -r file; do
    if [[ ! -e $file ]]; then
      rm "$to/$file"
      echo "$file" >>"$to/.changed"
    fi
  done < <(cd "$to" && find ext -type f \( -name '*.cc' -o -name '*.h' \))
}

# Its own folder, and the headers that it shares with the broker.
extension_files() {
  tracked config.m4 Makefile.frag VERSION ext
  grep -rhoE '^#include "core/[a-z0-9_/]+\.h"' ext | cut -d'"' -f2 | sort -u
}

# The files under the paths that belong to the project, committed or about to
# be; in an unpacked archive all of them.
tracked() {
  if git -C "$ROOT" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git -C "$ROOT" ls-files -co --exclude-standard -- "$@"
  else
    (cd "$ROOT" && find "${@:-.}" -type f -not -path './out/*' \
      -not -path '*/node_modules/*' -not -path '*/vendor/*' |
      sed 's,^\./,,')
  fi
}

# make_extension FOLDER: phpize where needed, then make. Of a changed header
# make knows nothing: everything anew (it is a few files).
make_extension() {
  cd "$1"
  if [[ ! -e Makefile ]] || grep -qsE '^(config.m4|Makefile.frag|VERSION)$' \
    .changed; then
    phpize --clean
    phpize
    ./configure CXX="${CCACHE:+$CCACHE }${CXX:-c++}" \
      --enable-drupalrt --enable-drupalrt-werror
  fi
  if grep -qs '\.h$' .changed; then make clean; fi
  make -j "$JOBS"
  rm -f .changed
}

build_extension() {
  local version folder
  version=$(php_version)
  folder=$OUT/ext/$version
  export DRUPALRT_SO=$folder/modules/drupalrt.so
  [[ -e config.m4 ]] || fail "config.m4 is missing: there is no extension"
  stage_extension "$folder"
  if [[ -e $folder/.changed || ! -e $DRUPALRT_SO ]]; then
    step "Building the extension for PHP $version" "ext-$version" \
      env CCACHE="$(command -v ccache)" flock "$OUT/.compiling-ext" \
      bash -euo pipefail -c \
      "source '$ROOT/tools/build.sh'; make_extension '$folder'"
  fi
}

php_version() { php-config --version | cut -d. -f1,2; }

build_all() {
  need_packages build
  build_broker
  build_extension
}
