#!/usr/bin/env bash
# Prints the .cc files that clang-tidy should read, one a line: changed_sources.sh changed|all
#
# Changed is what differs from the last landed commit, uncommitted and new files included; for a changed header
# the files that include it. The landed commit is MELETE_BASE if set, else where this branch left origin/main
# or its upstream; when HEAD itself is that commit, its parent. Where nothing has landed, or the rules themselves
# changed, that is the program without its tests, whose many files would take CI's time.
set -euo pipefail
cd "$(dirname "$0")/.."
scope=$1

landed_commit() {
  local candidate base
  for candidate in "${MELETE_BASE:-}" origin/main origin/master '@{upstream}'; do
    [ -n "$candidate" ] && base=$(git merge-base HEAD "$candidate" 2>/dev/null) || continue
    if [ "$base" = "$(git rev-parse HEAD)" ] && git diff --quiet HEAD; then
      base=$(git rev-parse --verify --quiet HEAD^) || return 1
    fi
    echo "$base"
    return
  done
  return 1
}

sources() {
  git ls-files --cached --others --exclude-standard -- "${@/%//*.cc}"
}

if [ "$scope" = all ]; then
  sources src train tests bench
  exit
fi
if ! base=$(landed_commit) || ! git diff --quiet "$base" -- .clang-tidy; then
  sources src train
  exit
fi

changed=$(git diff --name-only --diff-filter=d "$base"; git ls-files --others --exclude-standard)
{
  grep '\.cc$' <<<"$changed" || true
  for header in $(grep '\.h$' <<<"$changed" || true); do
    git grep -l --untracked "#include \"${header#*/}\"" -- '*.cc' || true
  done
} | sort -u | grep -Fxf <(sources src train tests bench) || true
