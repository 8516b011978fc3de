#!/usr/bin/env bash
# scripts/setup.sh on a machine that is made up: which packages it asks for, and by which means.
set -euo pipefail
setup=$(cd "$(dirname "$0")/../../scripts" && pwd)/setup.sh
machine=$(mktemp -d)
trap 'rm -rf "$machine"' EXIT

# A machine has the packages of the file `installed`, the user of the file `uid`, and only these commands.
for command in bash dirname sed sort cat env; do ln -s "$(command -v $command)" "$machine/$command"; done
printf '#!/bin/sh\nsed "s/^/installed /" "%s/installed"\n' "$machine" >"$machine/dpkg-query"
printf '#!/bin/sh\ncat "%s/uid"\n' "$machine" >"$machine/id"
printf '#!/bin/sh\necho "apt-get $*" >>"%s/calls"\n' "$machine" >"$machine/apt-get"
chmod +x "$machine"/{dpkg-query,id,apt-get}
packages_of() { sed -e '/^#/d' -e 's/ .*//' "$(dirname "$setup")/../packages/$1.txt"; }

expect() {
  local what=$1
  shift
  "$@" || { echo "FAILED: $what"; cat "$machine/output" "$machine/calls"; exit 1; }
  echo "ok: $what"
}
setup_on() { # setup_on UID GROUP...
  echo "$1" >"$machine/uid"
  : >"$machine/calls"
  status=0
  PATH=$machine "$setup" "${@:2}" >"$machine/output" 2>&1 </dev/null || status=$?
}
said() { grep -q -- "$1" "$machine/output"; }
called() { grep -q -- "$1" "$machine/calls"; }

echo libc6 >"$machine/installed"
setup_on 0 run build
expect "root installs by apt-get" called "install .*cmake.*libboost1.81-dev.*openssl"
expect "the lists are read first" test "$(head -c 14 "$machine/calls")" = "apt-get update"
expect "one call installs all" test "$(grep -c install "$machine/calls")" = 1
expect "no test package is installed" test -z "$(grep gtest "$machine/calls")"

{ packages_of run; packages_of build; } >"$machine/installed"
setup_on 0 run build
expect "nothing is called when nothing is missing" test "$status:$(cat "$machine/calls" "$machine/output")" = "0:"

sed -i '/^npm$/d' "$machine/installed"
setup_on 0 build
expect "a missing package alone is installed" called "recommends npm$"
ln -s /bin/true "$machine/npm"
setup_on 0 build
expect "a command of that name will do" test "$status:$(cat "$machine/calls")" = "0:"

echo libc6 >"$machine/installed"
setup_on 1000 run
expect "a user without sudo is refused" test "$status:$(cat "$machine/calls")" = "1:"
expect "and told the line to run" said "apt-get update && apt-get install .*openssl"

printf '#!/bin/sh\necho "sudo" >>"%s/calls"\nexec "$@"\n' "$machine" >"$machine/sudo"
chmod +x "$machine/sudo"
setup_on 1000 run
expect "a user with sudo installs by it" test "$(sed -n '1p;3p' "$machine/calls" | sort -u)" = sudo

setup_on 0 nonsense
expect "an unknown group is refused" test "$status" = 2
