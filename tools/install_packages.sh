#!/usr/bin/env bash
# As root: installs packages without a question and without starting a service.
# usage: install_packages.sh PACKAGE…
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

# invoke-rc.d asks this file; 101 means "not now". Ours is put there only for
# the time of the installation, and only where nobody else's forbids starting.
policy=/usr/sbin/policy-rc.d
mark='drupalrt: no service starts while packages are installed'
kept=
restore() {
  if grep -qs "$mark" "$policy"; then rm -f "$policy"; fi
  if [[ -n $kept ]]; then mv "$kept" "$policy"; fi
}
restore # what a run that was killed left behind
trap restore EXIT
trap 'exit 1' INT TERM
if [[ -e $policy ]]; then
  kept=$policy.drupalrt-kept
  mv "$policy" "$kept"
elif [[ -e $policy.drupalrt-kept ]]; then
  kept=$policy.drupalrt-kept
fi
printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" >"$policy"
chmod 755 "$policy"

apt() { apt-get -y -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"; }
install() {
  apt --no-install-recommends -o Dpkg::Options::=--force-confold install "$@"
}

if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then
  apt update
  install "$@"
else
  # Lists that are older than the mirror name files that are gone.
  install "$@" || { apt update && install "$@"; }
fi
