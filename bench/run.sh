#!/usr/bin/env bash
# Measures Melete beside llama-server and llama-batched-bench.
# Usage: bench/run.sh [MODEL-FILE]; results go to build/bench as JSON and Markdown.
set -euo pipefail
cd "$(dirname "$0")/.."
bench/peers.sh
model=${1:-$(scripts/model_path.sh qwen2.5-coder-1.5b)}
exec python3 bench/serving.py --melete build/release/src/cli/melete --peers build/peers/bin --model "$model"
