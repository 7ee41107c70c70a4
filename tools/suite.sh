#!/usr/bin/env bash
# One suite in a shell of its own, called by ./dev test with $ROOT, $COUNTS (its
# results) and $RUN (what this run has already made) in the environment.
# usage: suite.sh NAME
set -euo pipefail
cd "$ROOT"
for part in environment progress packages build dependencies count; do
  source "tools/$part.sh"
done

# once NAME COMMAND…: for all suites of a run; where it failed, it stays failed.
once() {
  local name=$1 status
  shift
  if [[ ! -e $RUN/$name ]]; then
    echo 1 >"$RUN/$name"
    "$@"
    echo 0 >"$RUN/$name"
  fi
  status=$(<"$RUN/$name")
  [[ $status -eq 0 ]] || {
    echo "$name failed already"
    say "  not started: $name failed already"
    exit 1
  }
}

need_build() {
  once packages need_packages build
  once broker build_broker
  once extension build_extension
  DRUPALRT_SO=$OUT/ext/$(php_version)/modules/drupalrt.so
  export DRUPALRT_SO
}

source "tools/suites/$1.sh"
