#!/usr/bin/env bash
# Installs what judges the API from outside, once: the official OpenAI and Anthropic clients, and schemathesis:
# install_clients.sh FOLDER
#
# FOLDER gets a Python environment in python/ and node_modules/, of the versions that are pinned in
# tests/server/clients and tests/server/contract. When these change, everything is installed anew.
set -euo pipefail
folder=$1
tests=$(cd "$(dirname "$0")/../tests/server" && pwd)
pinned=$tests/clients

digest=$(cat "$pinned"/{requirements.txt,package.json,package-lock.json} "$tests/contract/requirements.txt" |
  sha256sum | cut -d' ' -f1)
[ "$(cat "$folder/installed" 2>/dev/null)" = "$digest" ] && exit 0

failed() {
  echo "the clients for $1 could not be installed; the tests of the clients and of README.md need a" \
    "network, or a mirror that ${2} knows" >&2
  exit 1
}

rm -rf "$folder"
mkdir -p "$folder"
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$pinned/requirements.txt" \
  -r "$tests/contract/requirements.txt" ||
  failed Python pip
cp "$pinned"/package{,-lock}.json "$folder"
npm ci --silent --no-audit --no-fund --prefix "$folder" || failed Node npm
echo "$digest" >"$folder/installed"
