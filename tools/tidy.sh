# clang-tidy over core/. A source that passed is looked at again only when it,
# a header of ours that it includes, or .clang-tidy has changed.

# Writes, for each source, the digests of what it is made of to
# out/lint/tidy/want/<source>.
tidy_digests() { # BUILD
  local want=$OUT/lint/tidy/want
  rm -rf "$want"
  mkdir -p "$want"
  {
    sha256sum .clang-tidy core/*/*.h core/*/*.cc
    echo
    ninja -C "$1" -t deps
  } | awk -v root="$ROOT/" -v want="$want" '
    deps == 0 && NF == 0 { deps = 1; next }
    deps == 0 { digest[$2] = $1; next }
    # "path/to/source.cc.o: #deps 12, deps mtime …", then the names.
    /^[^ ].*: #deps/ {
      if (file) close(file)
      file = ""; source = $1
      if (source ~ /headers_alone|_test\.dir/) next
      if (!match(source, /core\/[a-z]+\/[a-z0-9_]+\.cc\.o/)) next
      source = substr(source, RSTART, RLENGTH - 2)
      if (!(source in digest)) next
      file = source; gsub("/", "-", file); file = want "/" file
      print digest[".clang-tidy"] > file
      next
    }
    file && index($1, root "core/") == 1 {
      name = substr($1, length(root) + 1)
      print digest[name], name > file
    }'
}

# tidy BUILD: says what is wrong, fails where anything is.
tidy() {
  local build=$1 source name passed=$OUT/lint/tidy/passed todo=()
  tidy_digests "$build"
  mkdir -p "$passed"
  for source in core/*/*.cc; do
    name=${source//\//-}
    if [[ ! -e $OUT/lint/tidy/want/$name ]] ||
      ! cmp -s "$OUT/lint/tidy/want/$name" "$passed/$name"; then
      todo+=("$source")
    fi
  done
  echo "clang-tidy: ${#todo[@]} of $(ls core/*/*.cc | wc -l) sources to look at"
  [[ ${#todo[@]} -eq 0 ]] && return
  export -f tidy_one
  printf '%s\n' "${todo[@]}" | xargs -P "$JOBS" -I{} \
    bash -c "tidy_one {} '$build'"
}

tidy_one() { # SOURCE BUILD
  local source=$1 name=${1//\//-} output
  if output=$(timeout 300 clang-tidy-14 -p "$2" --quiet "$source" 2>&1); then
    if [[ -e $OUT/lint/tidy/want/$name ]]; then
      cp "$OUT/lint/tidy/want/$name" "$OUT/lint/tidy/passed/$name"
    fi
  else
    printf '%s\n' "$output"
    return 1
  fi
}
