#!/usr/bin/env bash
# Measures a training step beside PyTorch, which is installed once into build/bench/torch (some 5 GB).
# Usage: bench/training/run.sh [OPTION...] of run.py; results go to build/bench.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=build/bench/torch/bin/python
if ! "$python" -c "import torch" 2>/dev/null; then
  echo "installing PyTorch"
  python3 -m venv build/bench/torch
  "$python" -m pip install --quiet --disable-pip-version-check -r bench/training/requirements.txt
fi
exec python3 bench/training/run.py --python "$python" "$@"
