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

# Copies what the extension is made of to a folder, changed files alone.
stage_extension() { # FOLDER
  local to=$1 file changed=
  mkdir -p "$to"
  while read -r file; do
    [[ -f $file ]] || continue
    cmp -s "$file" "$to/$file" && continue
    mkdir -p "$to/$(dirname "$file")"
    cp -p "$file" "$to/$file"
    touch "$to/$file"
    changed="$changed $file"
  done < <(tracked config.m4 Makefile.frag VERSION ext)
  while read -r file; do
    [[ -e $file ]] || { rm "$to/$file" && changed="$changed $file"; }
  done < <(cd "$to" && find ext -type f \( -name '*.cc' -o -name '*.h' \
    -o -name '*.cpp' -o -name '*.c' \))
  printf '%s' "$changed"
}

# The files under the paths that belong to the project, committed or about to
# be; in an unpacked archive all of them.
tracked() {
  if git -C "$ROOT" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git -C "$ROOT" ls-files -co --exclude-standard -- "$@"
  else
    (cd "$ROOT" && find "$@" -type f)
  fi
}

# make_extension FOLDER CHANGED: phpize where needed, then make. Of a changed
# header make knows nothing: everything anew (it is a few files).
make_extension() {
  cd "$1"
  if [[ ! -e Makefile || " $2 " == *' config.m4 '* ]]; then
    phpize --clean && phpize
    ./configure CXX="${CCACHE:+$CCACHE }${CXX:-c++}" --enable-drupalrt --enable-drupalrt-werror
  fi
  if [[ $2 == *.h* ]]; then make clean; fi
  make -j "$JOBS"
}

build_extension() {
  local version folder changed
  version=$(php_version)
  folder=$OUT/ext/$version
  export DRUPALRT_SO=$folder/modules/drupalrt.so
  [[ -e config.m4 ]] || fail "config.m4 is missing: there is no extension"
  changed=$(stage_extension "$folder")
  [[ -z $changed && -e $DRUPALRT_SO ]] && return
  step "Building the extension for PHP $version" "ext-$version" \
    env CCACHE="$(command -v ccache)" flock "$OUT/.compiling-ext" bash -euo pipefail -c \
    "source '$ROOT/tools/build.sh'; make_extension '$folder' '$changed'"
}

php_version() { php-config --version | cut -d. -f1,2; }

build_all() {
  need_packages build
  build_broker
  build_extension
}
