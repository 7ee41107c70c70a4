# What every part of ./dev agrees on: folders, and quiet tools.

shopt -s inherit_errexit
export OUT=$ROOT/out
export CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/drupalrt
export LOGS=$OUT/log
export JOBS=${JOBS:-$(nproc)}

# Nobody is asked anything.
export DEBIAN_FRONTEND=noninteractive
export COMPOSER_NO_INTERACTION=1 COMPOSER_ALLOW_SUPERUSER=1
export COMPOSER_NO_AUDIT=1
export npm_config_yes=true npm_config_audit=false npm_config_fund=false
export npm_config_update_notifier=false
export NO_INTERACTION=1

# One compiler cache for all checkouts, and no path of theirs in a binary.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1

# What a build leaves for the others.
export DRUPALRTD=$OUT/bin/drupalrtd

mkdir -p "$OUT" "$LOGS"
