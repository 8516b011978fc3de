#!/usr/bin/env bash
# Measures Contemplating beside one chain, other efforts and peers, in seven parts; goes on where a run was cut off.
# Results go to build/bench/contemplating, a folder for each part.
# Those that docs/benchmarks.md tells of lie in bench/contemplating/recorded: with RECORDED=1 a part that has none here
# begins with them, and is only reported where they are whole.
#
# PARTS: some of modes, auto, accuracy, curve, clients, requests, optillm (hours on two cores: 2, 0.5, 1.5, 1.5, 2.5, 3,
# 1); ITEMS: files of questions; COUNT: how many of each instead of the part's own number; AGAINST: the arm that the
# others are compared with instead of the first.
set -euo pipefail
cd "$(dirname "$0")/.."
read -r -a items <<<"${ITEMS:-../shared/data/gsm8k/dev.jsonl ../shared/data/reasoning/dev.jsonl}"
for file in "${items[@]}"; do
  [ -f "$file" ] || { echo "$file is not here: give ITEMS=\"FILE...\", JSON lines with question and answer" >&2; exit 1; }
done
declare -A counts=([modes]=60 [auto]=60 [accuracy]=150 [curve]=20 [clients]=60 [requests]=20 [optillm]=20)
for part in ${PARTS:-modes auto accuracy curve clients requests optillm}; do
  [ -n "${counts[$part]:-}" ] || { echo "There is no part $part: choose among ${!counts[*]}" >&2; exit 1; }
  output=build/bench/contemplating/$part
  mkdir -p "$output"
  cat bench/contemplating/shared.toml "bench/contemplating/$part.toml" >"$output/arms.toml"
  recorded=bench/contemplating/recorded/$part.jsonl.gz
  if [ -n "${RECORDED:-}" ] && [ -f "$recorded" ] && [ ! -f "$output/trials.jsonl" ]; then
    gunzip -c "$recorded" >"$output/trials.jsonl"
  fi
  ! grep -q -e llama-server -e optillm "$output/arms.toml" || bench/peers.sh
  ! grep -q optillm "$output/arms.toml" || bench/optillm.sh
  python3 bench/contemplating.py --melete build/release/src/cli/melete --peers build/peers \
    --model "$(scripts/model_path.sh qwen2.5-coder-1.5b)" --arms "$output/arms.toml" \
    --output "$output" --against "${AGAINST:-}" --count "${COUNT:-${counts[$part]}}" "${items[@]}"
done
