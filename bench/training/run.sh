#!/usr/bin/env bash
# Measures a training step beside PyTorch, which is installed for it.
# Usage: bench/training/run.sh [OPTION...] of run.py; results go to build/bench.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$(bench/training/python.sh torch)
exec python3 bench/training/run.py --python "$python" "$@"
