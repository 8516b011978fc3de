#!/usr/bin/env bash
# What the kernels cost in quality: perplexity of a text, and how often greedy answers agree with llama.cpp's and with
# those of exact arithmetic (the same weights as F32, whose products round no activations).
# Usage: bench/kernels/quality.sh TEXT-FILE PROMPTS-FILE [MODEL-FILE]; PROMPTS-FILE has a prompt in each line.
set -euo pipefail
text=$(realpath "$1") prompts=$(realpath "$2") model=${3:-}
cd "$(dirname "$0")/../.."
programs=build/release/bench/kernels
out=build/bench/quality
model=${model:-$(scripts/model_path.sh smollm2-135m)}
exact=$out/$(basename "$model" .gguf)-f32.gguf
tokens=48
mkdir -p "$out"
[ -f "$exact" ] || "$programs/bench_convert" --from "$model" --to "$exact" --format F32

for arm in "" --plain; do
  "$programs/bench_perplexity" --model "$model" --text "$text" --chunks "${CHUNKS:-100000}" $arm
done

greedy() { # NAME FILE ARGUMENTS...
  local name=$1 file=$2
  shift 2
  "$programs/bench_greedy" --model "$file" --prompts "$prompts" --tokens "$tokens" --threads 2 "$@" >"$out/$name.txt"
}
greedy exact "$exact" --plain
greedy llama.cpp "$model" --plain
greedy llama.cpp-pieces "$model" --plain --batch 16
greedy melete "$model"
greedy melete-pieces "$model" --batch 16

python3 - "$out" <<'END'
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
names = ["exact", "llama.cpp", "llama.cpp-pieces", "melete", "melete-pieces"]
answers = {name: (folder / f"{name}.txt").read_text().splitlines() for name in names}
print("| equal greedy answers | " + " | ".join(names) + " |\n|" + "---|" * (len(names) + 1))
for left in names:
    row = [sum(a == b for a, b in zip(answers[left], answers[right])) for right in names]
    print(f"| {left} | " + " | ".join(f"{count} of {len(answers[left])}" for count in row) + " |")
END
