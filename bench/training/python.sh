#!/usr/bin/env bash
# Prints a Python that can import MODULES, in build/bench/torch, where PyTorch is installed once (some 5 GB) and what
# the files of requirements name beside it. Usage: python.sh "MODULE, ..." [FILE...]
set -euo pipefail
cd "$(dirname "$0")/../.."
modules=$1
shift
python=build/bench/torch/bin/python
if ! "$python" -c "import $modules" 2>/dev/null; then
  echo "installing $modules" >&2
  python3 -m venv build/bench/torch
  files=(bench/training/requirements.txt "$@")
  "$python" -m pip install --quiet --disable-pip-version-check "${files[@]/#/--requirement=}" >&2
fi
echo "$python"
