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
# What is not built by a preset, such as code for other processors, has no command to read it by.
built_by() {
  local commands=$1 source
  shift
  for source in "$@"; do
    if grep -qF "\"file\": \"$PWD/$source\"" "$commands"; then echo "$source"; fi
  done
}
# Without the precompiled headers: each file has to include what it uses, and clang cannot read those of g++.
tidy() {
  local preset=$1 folder=build/tidy/$1
  shift
  cmake "build/$preset" >"build/$preset/configure.log"  # knows files that are new since
  mkdir -p "$folder"
  sed -E 's/-Winvalid-pch -include [^ ]+//; s/-fpch-preprocess//' "build/$preset/compile_commands.json" \
    >"$folder/compile_commands.json"
  built_by "$folder/compile_commands.json" "$@" |
    xargs -r -P "$(nproc)" -n 1 clang-tidy-19 -p "$folder" --quiet 2> >(grep -v 'warnings\? generated' >&2)
}
scripts/configure.sh release tests
tidy release "${sources[@]}"
# train/ needs libtorch: it is read where `make train` or `make test-train` was run. What includes libtorch itself is
# left out, for clang cannot read its headers as C++23 (std::vector of an incomplete type).
without_libtorch() {
  ninja -C build/train -t deps | awk -v RS= '!/\/torch\// { sub(/^(\.\.\/)+/, "", $8); print $8 }'
}
if [ -f build/train/build.ninja ]; then
  tidy train $(printf '%s\n' "${sources[@]}" | grep -Fxf <(without_libtorch) || true)
fi
