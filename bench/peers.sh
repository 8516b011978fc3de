#!/usr/bin/env bash
# Builds llama-server and llama-batched-bench from the same llama.cpp source as Melete, once; they lie in
# build/peers/bin then.
set -euo pipefail
cd "$(dirname "$0")/.."
peers=build/peers
if [ ! -x "$peers/bin/llama-server" ]; then
  source=${MELETE_LLAMA_SOURCE:-$(scripts/fetch_llama.sh)}
  echo "building llama-server and llama-batched-bench from the same source (once, some minutes)"
  cmake -S "$source" -B "$peers" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_OPENSSL=OFF \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >"$peers.log" 2>&1
  ninja -C "$peers" llama-server llama-batched-bench
fi
