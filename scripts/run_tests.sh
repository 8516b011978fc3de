#!/usr/bin/env bash
# Runs the tests of a built preset, two at a time: run_tests.sh PRESET [CTEST-OPTIONS]
#
# Ends with ctest's summary. A JUnit file stays in build/PRESET/tests.xml.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift

export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export LSAN_OPTIONS=suppressions=$PWD/scripts/leaks.txt:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=second_deadlock_stack=1

# g++ 12's thread sanitizer cannot start where addresses are randomised over more than 28 bits.
launcher=()
if [ "$preset" = tsan ] && setarch -R true 2>/dev/null; then launcher=(setarch -R); fi

exec "${launcher[@]}" ctest --test-dir "build/$preset" --parallel 2 --output-on-failure \
  --no-tests=error --output-junit tests.xml "$@"
