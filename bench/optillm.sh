#!/usr/bin/env bash
# Installs the proxy optillm from PyPI once, into build/peers/optillm, with what it needs to ask a server: the engine of
# its own wants gigabytes more.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=build/peers/optillm
[ ! -x "$folder/bin/optillm" ] || exit 0
echo "installing optillm from PyPI (once)"
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet openai flask httpx aiohttp numpy networkx z3-solver sympy cerebras_cloud_sdk \
  math-verify pyyaml requests
"$folder/bin/pip" install --quiet --no-deps optillm==0.4.0
