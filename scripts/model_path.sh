#!/usr/bin/env bash
# Prints the file of a pulled model: model_path.sh NAME [BUILD]
set -euo pipefail
build=${2:-build/release}
"$(dirname "$0")/../$build/src/cli/melete" show "$1" --json |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["file"])'
