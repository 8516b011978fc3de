#!/usr/bin/env bash
# Measures a step that teaches by LoRA beside transformers and PEFT, which are installed for it.
# Usage: bench/training/adapters.sh [OPTION...] of adapters.py; results go to build/bench.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$(bench/training/python.sh "torch, peft, transformers" bench/training/adapter_requirements.txt)
exec python3 bench/training/adapters.py --python "$python" "$@"
