#!/usr/bin/env bash
# Builds llama-server and llama-batched-bench from the same llama.cpp source as Melete, once; they lie in
# build/peers/bin then.
set -euo pipefail
cd "$(dirname "$0")/.."
peers=build/peers
if [ ! -x "$peers/bin/llama-server" ]; then
  source=${MELETE_LLAMA_SOURCE:-$(scripts/fetch_llama.sh)}
  # As in Melete: its kernels for AMX crash, and those for 16 bits pass their range (cmake/llama_source.cmake). CMake's
  # own flags come before -march=native, which does not bring back what they forbid.
  without_broken=
  [ "$(uname -m)" != x86_64 ] || without_broken="-mno-amx-tile -mno-amx-int8 -mno-amx-bf16 -mno-avx512fp16"
  echo "building llama-server and llama-batched-bench from the same source (once, some minutes)"
  cmake -S "$source" -B "$peers" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
    "-DCMAKE_CXX_FLAGS=$without_broken" "-DCMAKE_C_FLAGS=$without_broken" \
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_OPENSSL=OFF \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >"$peers.log" 2>&1
  ninja -C "$peers" llama-server llama-batched-bench
fi
