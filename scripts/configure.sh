#!/usr/bin/env bash
# Configures build/PRESET unless that is done: configure.sh PRESET [tests]
#
# Without "tests" no test library is needed. MELETE_LLAMA_SOURCE, when set, names a checkout of llama.cpp to use
# instead of the pinned bundle, and MELETE_TORCH a folder of libtorch instead of Debian's.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1 tests=${2:-}
build=build/$preset

if [ -f "$build/build.ninja" ]; then
  [ -z "$tests" ] && exit 0
  grep -q '^MELETE_TESTS:BOOL=ON' "$build/CMakeCache.txt" && exit 0
fi

settings=(-DMELETE_TESTS=$([ -n "$tests" ] && echo ON || echo OFF))
[ -n "${MELETE_LLAMA_SOURCE:-}" ] && settings+=("-DMELETE_LLAMA_SOURCE=$MELETE_LLAMA_SOURCE")
[ -n "${MELETE_TORCH:-}" ] && settings+=("-DMELETE_TORCH=$MELETE_TORCH")
mkdir -p "$build"
echo "configuring $build"
cmake --preset "$preset" "${settings[@]}" >"$build/configure.log" || {
  tail -n 20 "$build/configure.log" >&2
  exit 1
}
