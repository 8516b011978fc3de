#!/usr/bin/env bash
# Puts the libraries that a static program for 64-bit Arm needs into build/arm64_libraries, from Debian's packages for
# that processor. The packages of this machine stay as they are.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=(libbsd-dev libedit-dev libmd-dev libncurses-dev libsoci-dev libsodium-dev libsqlite3-dev libssl-dev
          zlib1g-dev)
folder=$PWD/build/arm64_libraries
[ -f "$folder/complete" ] && exit 0

echo "fetching ${#packages[@]} packages for arm64"
rm -rf "$folder"
mkdir -p "$folder"/apt/{lists/partial,archives/partial}
touch "$folder/apt/status"
settings=(-qq -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o "Dir::State=$folder/apt"
          -o "Dir::State::lists=$folder/apt/lists" -o "Dir::State::status=$folder/apt/status"
          -o "Dir::Cache=$folder/apt" -o APT::Sandbox::User=)
apt-get "${settings[@]}" update
(cd "$folder/apt/archives" && apt-get "${settings[@]}" download "${packages[@]}")
for package in "$folder"/apt/archives/*.deb; do dpkg-deb -x "$package" "$folder"; done
rm -r "$folder/apt"
touch "$folder/complete"
