#!/usr/bin/env bash
# Measures a step that teaches by LoRA beside transformers and PEFT, which are installed once beside PyTorch
# (build/bench/torch). Usage: bench/training/adapters.sh [OPTION...] of adapters.py; results go to build/bench.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=build/bench/torch/bin/python
if ! "$python" -c "import torch, peft, transformers" 2>/dev/null; then
  echo "installing PyTorch, transformers and PEFT"
  python3 -m venv build/bench/torch
  "$python" -m pip install --quiet --disable-pip-version-check -r bench/training/requirements.txt \
    -r bench/training/adapter_requirements.txt
fi
exec python3 bench/training/adapters.py --python "$python" "$@"
