#!/usr/bin/env bash
# Fuzzes the readers and writers of each dialect, and the readers of forms and of a WebSocket's messages:
# fuzz.sh [SECONDS for each, default 20]
#
# New inputs stay in build/fuzz/corpus; what breaks something is left in build/fuzz/found and named at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
scripts/configure.sh fuzz tests
cmake --build build/fuzz --target fuzzers --parallel "${JOBS:-$(nproc)}"
mkdir -p build/fuzz/found
for input in chat_completions messages responses multipart socket; do
  corpus=build/fuzz/corpus/$input
  mkdir -p "$corpus"
  echo "fuzzing $input for $seconds s"
  build/fuzz/tests/fuzz/fuzz_$input "$corpus" "tests/fuzz/corpus/$input" -max_total_time="$seconds" -max_len=4096 \
    -timeout=10 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/found/$input-" -verbosity=0 -print_final_stats=1 \
    2>&1 | grep -E "ERROR|SUMMARY|number_of_executed_units|artifact" || true
done
found=$(ls build/fuzz/found)
[ -z "$found" ] || { echo "found: $found, in build/fuzz/found" >&2; exit 1; }
