#!/usr/bin/env bash
# Every check that runs no test: check.sh changed|all
#
# Format, layers, sizes and texts are checked everywhere. clang-tidy is slow: with "changed" it reads only what
# scripts/changed_sources.sh prints.
set -euo pipefail
cd "$(dirname "$0")/.."
scope=$1

mapfile -t formatted < <(git ls-files --cached --others --exclude-standard -- \
  {src,train,tests,bench}/\*.{h,cc})
clang-format-19 --dry-run -Werror "${formatted[@]}"
echo "format: ${#formatted[@]} files"
scripts/check_layers.py
scripts/check_sizes.py
scripts/check_text.py

mapfile -t sources < <(scripts/changed_sources.sh "$scope")
echo "clang-tidy: ${#sources[@]} files"
[ ${#sources[@]} -eq 0 ] && exit 0
scripts/configure.sh release tests
cmake build/release >build/release/configure.log  # knows files that are new since
# Without the precompiled headers: each file has to include what it uses, and clang cannot read those of g++.
mkdir -p build/tidy
sed -E 's/-Winvalid-pch -include [^ ]+//; s/-fpch-preprocess//' build/release/compile_commands.json \
  >build/tidy/compile_commands.json
# What is not built here, such as code for other processors, has no command to read it by.
built_here() {
  local source
  for source in "$@"; do
    if grep -qF "\"file\": \"$PWD/$source\"" build/tidy/compile_commands.json; then echo "$source"; fi
  done
}
built_here "${sources[@]}" |
  xargs -P "$(nproc)" -n 1 clang-tidy-19 -p build/tidy --quiet 2> >(grep -v 'warnings\? generated' >&2)
