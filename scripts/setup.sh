#!/usr/bin/env bash
# Installs the Debian packages of the named groups that are missing: setup.sh run build
#
# A group is packages/NAME.txt. As root this calls apt-get, else sudo does; where there is neither, the exact
# line to run is printed. When nothing is missing it says nothing and takes a few milliseconds.
set -euo pipefail
lists=$(dirname "$0")/../packages

missing_packages() {
  local installed package command
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
  for group in "$@"; do
    while read -r package command; do
      [[ -z $package || $package == \#* ]] && continue
      [ -n "$command" ] && command -v "$command" >/dev/null && continue
      [[ $'\n'$installed$'\n' == *$'\n'$package$'\n'* ]] || echo "$package"
    done <"$lists/$group.txt"
  done
}

for group in "$@"; do
  [ -f "$lists/$group.txt" ] || { echo "there is no package group packages/$group.txt" >&2; exit 2; }
done
mapfile -t missing < <(missing_packages "$@" | sort -u)
[ ${#missing[@]} -eq 0 ] && exit 0

install="apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends ${missing[*]}"
if [ "$(id -u)" -eq 0 ]; then
  as_root=""
elif command -v sudo >/dev/null; then
  as_root="sudo "
else
  printf 'Melete needs %d more Debian packages. As root, run:\n  apt-get update && %s\nthen try again.\n' \
    ${#missing[@]} "$install" >&2
  exit 1
fi

echo "installing ${#missing[@]} Debian packages: ${missing[*]}"
quiet="env DEBIAN_FRONTEND=noninteractive"
${as_root}apt-get update -q || echo "the package lists could not be refreshed: trying with those at hand" >&2
${as_root}${quiet} ${install} </dev/null || {
  printf 'The packages could not be installed. To see why, run:\n  %s%s\n' "$as_root" "$install" >&2
  exit 1
}
