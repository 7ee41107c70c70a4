# Distribution packages by purpose: tools/packages/<set>, one a line, `#` starts
# a comment. `command|package` is satisfied by the command, whoever brought it.

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  else
    sudo "$@"
  fi
}

can_be_root() {
  [[ $(id -u) -eq 0 ]] && return 0
  command -v sudo >/dev/null || return 1
  sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; }
}

# Prints the packages of the sets that are not there.
missing_packages() {
  local line names=() set
  for set in "$@"; do
    while read -r line; do
      line=${line%%#*}
      line=${line//[[:space:]]/}
      [[ -z $line ]] && continue
      if [[ $line == *'|'* ]]; then
        command -v "${line%%|*}" >/dev/null || names+=("${line##*|}")
      else
        names+=("$line")
      fi
    done <"$ROOT/tools/packages/$set"
  done
  [[ ${#names[@]} -eq 0 ]] && return
  comm -23 <(printf '%s\n' "${names[@]}" | sort -u) \
    <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${names[@]}" \
      2>/dev/null | sed -n 's/^installed //p' | sort -u)
}

# need_packages SET…: quick where all is there; installs the rest.
need_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    say "  This is no Debian: what ./dev needs is listed in tools/packages/."
    return
  fi
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -eq 0 ]] && return
  can_be_root || fail "missing: ${missing[*]}
  Neither root nor sudo is at hand. Ask an administrator for
  apt-get install ${missing[*]}"
  step "Installing ${#missing[@]} packages for: $*" "apt-$1" \
    as_root bash "$ROOT/tools/install_packages.sh" "${missing[@]}" ||
    fail "these packages could not be installed: ${missing[*]}"
}
