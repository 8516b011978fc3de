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
"$folder/bin/pip" install --quiet openai==3.57.0 flask==3.1.3 httpx==0.28.1 aiohttp==3.14.5 numpy==2.4.6 networkx==3.6.1 \
  z3-solver==5.4.1.0 sympy==1.14.0 cerebras_cloud_sdk==1.91.0 math-verify==0.9.0 pyyaml==6.0.4 requests==2.34.2
"$folder/bin/pip" install --quiet --no-deps optillm==0.4.0
