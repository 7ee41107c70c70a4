#!/usr/bin/env bash
# As root: a Debian 13 root folder, from this machine's own Debian mirror.
#
#   debian13.sh create ROOT PACKAGE…  makes it, or adds what is missing
#   debian13.sh run ROOT COMMAND…     runs a command in it, with nothing left
#                                     mounted or running afterwards
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
suite=trixie

# The mirror as apt sees it: the base address of this release's packages.
mirror() {
  local codename
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(CREATED_BY)' |
    awk -v release="$codename" \
      '$2 == release && $3 == "Packages" { print $1; exit }'
}

create() {
  local root=$1 proxy='' addresses
  shift
  if [[ ! -e $root.complete ]]; then
    rm -rf "$root"
    mkdir -p "$root"
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    [[ -n $proxy ]] && export http_proxy=$proxy
    # Without an address debootstrap asks Debian's own mirror.
    mapfile -t addresses < <(mirror)
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" \
      "${addresses[@]}"
    settings "$root"
    touch "$root.complete"
  fi
  run "$root" bash -euc '
    if dpkg-query -W "$@" >/dev/null 2>&1; then exit; fi
    apt-get -q update
    apt-get -y -q --no-install-recommends install "$@"
    apt-get clean' install "$@"
}

# What apt was told about reaching its mirrors holds inside, too.
settings() {
  local root=$1 file
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  apt-config dump | grep -E '^Acquire::(http|https|Retries|Check-|Force)' \
    >"$root/etc/apt/apt.conf.d/50machine" || true
  for file in auth.conf auth.conf.d; do
    [[ -e /etc/apt/$file ]] && cp -r "/etc/apt/$file" "$root/etc/apt/"
  done
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
}

run() {
  local root=$1
  shift
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
  if unshare --mount true 2>/dev/null; then
    exec_in=(unshare --mount --pid --fork --kill-child bash -euc '
      mount -t proc proc "$0/proc"
      mount --bind /dev/shm "$0/dev/shm" 2>/dev/null || true
      exec chroot "$0" "$@"')
  else
    exec_in=(bash -euc 'exec chroot "$0" "$@"')
  fi
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive NO_INTERACTION=1 \
    ${DRUPALRTD:+DRUPALRTD="$DRUPALRTD"} ${http_proxy:+http_proxy="$http_proxy"} \
    "${exec_in[@]}" "$root" "$@"
}

"$@"
