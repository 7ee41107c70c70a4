# What Composer and npm bring, fetched again only where its description changed
# since it was last fetched.

# fresh NAME FOLDER FILE…: whether out/stamps/NAME was made from these files.
# stamp NAME FILE…: says that it was.
stamp_of() { cat -- "$@" 2>/dev/null | sha256sum | cut -d' ' -f1; }
fresh() {
  local name=$1 folder=$2
  shift 2
  [[ -d $folder && -e $OUT/stamps/$name ]] &&
    [[ $(stamp_of "$@") == "$(<"$OUT/stamps/$name")" ]]
}
stamp() {
  local name=$1
  shift
  mkdir -p "$OUT/stamps"
  stamp_of "$@" >"$OUT/stamps/$name"
}

# need_npm FOLDER: FOLDER/node_modules from its package.json.
need_npm() {
  local folder=$1 name files command=(install --no-package-lock)
  grep -q '[dD]ependencies"' "$ROOT/$folder/package.json" || return 0
  name=npm-$(tr / - <<<"$folder")
  files=("$ROOT/$folder/package.json" "$ROOT/$folder/package-lock.json")
  [[ -e ${files[1]} ]] && command=(ci)
  fresh "$name" "$ROOT/$folder/node_modules" "${files[@]}" && return
  step "Fetching npm packages ($folder)" "$name" \
    npm --prefix "$ROOT/$folder" "${command[@]}"
  stamp "$name" "${files[@]}"
}

# need_composer FOLDER [VENDOR]: FOLDER/vendor, or VENDOR, from composer.json.
need_composer() {
  local folder=$1 vendor=${2:-$ROOT/$1/vendor} name
  name=composer-$(tr / - <<<"$folder")
  fresh "$name" "$vendor" "$ROOT/$folder/composer.json" && return
  step "Fetching Composer packages ($folder)" "$name" \
    env COMPOSER_VENDOR_DIR="$vendor" \
    composer --working-dir="$ROOT/$folder" update --no-progress
  stamp "$name" "$ROOT/$folder/composer.json"
}
