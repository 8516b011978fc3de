#!/usr/bin/env bash
# Measures the kernels: each one beside the machine's limits, then whole models beside llama.cpp, arms interleaved.
# Usage: bench/kernels/run.sh [MODEL-FILE...]; tables and JSON go to build/bench.
#
# IK_LLAMA_SOURCE, when set, names a checkout of ik_llama.cpp: it is built with its own flags for this machine and
# its batched bench runs after each round.
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=build/release/bench/kernels
out=$PWD/build/bench
rounds=${ROUNDS:-3} prompt=256 steps=12 counts=1,2,4,8,16,32
models=("$@")
mkdir -p "$out"
if [ ${#models[@]} -eq 0 ]; then
  qwen=$(scripts/model_path.sh qwen2.5-coder-1.5b)
  for format in Q8_0 Q4_0; do
    [ -f "$out/qwen-$format.gguf" ] || "$programs/bench_convert" --from "$qwen" --to "$out/qwen-$format.gguf" --format "$format"
  done
  models=("$qwen" "$out/qwen-Q8_0.gguf" "$out/qwen-Q4_0.gguf" "$(scripts/model_path.sh smollm2-135m)")
fi

if [ -z "${IK_LLAMA_SOURCE:-}" ]; then
  echo "ik_llama.cpp is left out: IK_LLAMA_SOURCE does not name a checkout of it (github.com/ikawrakow/ik_llama.cpp)"
else
  peer=$PWD/build/ik_llama/bin/llama-batched-bench
  if [ ! -x "$peer" ]; then
    echo "building ik_llama.cpp's batched bench (once; its kernels take long to compile)"
    cmake -S "$IK_LLAMA_SOURCE" -B build/ik_llama -G Ninja -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON \
      -DGGML_IQK_FA_ALL_QUANTS=OFF -DLLAMA_CURL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_SERVER=OFF \
      >build/ik_llama.log 2>&1
    ninja -C build/ik_llama llama-batched-bench
  fi
fi

{ "$programs/bench_kernels"; "$programs/bench_kernels" --k 8960 --rows 3072; } | tee "$out/kernels.md"
for model in "${models[@]}"; do
  model=$(realpath "$model")
  name=$(basename "$model" .gguf)
  for round in $(seq "$rounds"); do
    "$programs/bench_model_steps" --model "$model" --repeats 1 --prompt "$prompt" --steps "$steps" --sequences "$counts" \
      --json "$out/steps-$name-$round.json" | tee "$out/steps-$name-$round.md"
    [ -z "${IK_LLAMA_SOURCE:-}" ] && continue
    # It leaves a log file where it runs.
    (cd "$out" && "$peer" -m "$model" -c 16384 -npp "$prompt" -ntg "$steps" -npl "$counts" -pps -rtr -fa on -t "$(nproc)") \
      >"$out/ik-$name-$round.log" 2>&1
  done
done
python3 bench/kernels/summary.py "$out" | tee "$out/steps.md"
