#!/usr/bin/env bash
# Prints the file of a pulled model: model_path.sh NAME
set -euo pipefail
"$(dirname "$0")/../build/release/src/cli/melete" show "$1" --json |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["file"])'
