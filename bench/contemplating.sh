#!/usr/bin/env bash
# Measures Contemplating beside one chain and beside llama-server; goes on where a run was cut off.
#
# ITEMS: files of questions; COUNT: how many of each; ARMS: a file of what is compared. Results go to build/bench, in
# a folder for each file of arms.
set -euo pipefail
cd "$(dirname "$0")/.."
read -r -a items <<<"${ITEMS:-../shared/data/gsm8k/dev.jsonl ../shared/data/reasoning/dev.jsonl}"
for file in "${items[@]}"; do
  [ -f "$file" ] || { echo "$file is not here: give ITEMS=\"FILE...\", JSON lines with question and answer" >&2; exit 1; }
done
bench/peers.sh
exec python3 bench/contemplating.py --melete build/release/src/cli/melete --peers build/peers/bin \
  --model "$(scripts/model_path.sh qwen2.5-coder-1.5b)" --arms "${ARMS:-bench/contemplating.toml}" \
  --output "build/bench/$(basename "${ARMS:-contemplating}" .toml)" --count "${COUNT:-60}" "${items[@]}"
