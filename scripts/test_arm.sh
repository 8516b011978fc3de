#!/usr/bin/env bash
# Builds the kernels for Arm by a cross compiler and runs their tests under qemu.
set -euo pipefail
cd "$(dirname "$0")/.."
source=${MELETE_LLAMA_SOURCE:-$(scripts/fetch_llama.sh)}
if [ ! -f build/arm64/build.ninja ]; then
  mkdir -p build/arm64
  echo "configuring build/arm64"
  cmake -S tests/engine/kernels/arm -B build/arm64 -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DMELETE_LLAMA_SOURCE="$source" >build/arm64/configure.log || { tail -n 20 build/arm64/configure.log >&2; exit 1; }
fi
cmake --build build/arm64 --parallel "$(nproc)"
exec scripts/run_tests.sh arm64
