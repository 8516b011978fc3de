#!/usr/bin/env bash
# Builds the peers from the same llama.cpp source and measures Melete beside them.
# Usage: bench/run.sh [MODEL-FILE]; results go to build/bench as JSON and Markdown.
set -euo pipefail
cd "$(dirname "$0")/.."
digest=$(sed -n 's/^set(MELETE_LLAMA_BUNDLE_SHA256 \(.*\))$/\1/p' cmake/llama_source.cmake)
source=${MELETE_LLAMA_SOURCE:-$(scripts/fetch_llama.sh "$digest")}
peers=build/peers
if [ ! -x "$peers/bin/llama-server" ]; then
  echo "building llama-server and llama-batched-bench from the same source (once, some minutes)"
  cmake -S "$source" -B "$peers" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_OPENSSL=OFF \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >"$peers.log" 2>&1
  ninja -C "$peers" llama-server llama-batched-bench
fi
melete=build/release/src/cli/melete
model=${1:-$(scripts/model_path.sh qwen2.5-coder-1.5b)}
exec python3 bench/serving.py --melete "$melete" --peers "$peers/bin" --model "$model"
