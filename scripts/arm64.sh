#!/usr/bin/env bash
# Builds a static program for 64-bit Arm and has it answer under an emulator, in the memory of a small device.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/arm64_libraries.sh
scripts/configure.sh portable-arm64
cmake --build build/portable-arm64 --target melete --parallel "$(nproc)"
# The program starts itself once more to try a model out, so the kernel has to start it by the emulator.
if [ ! -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] && ! update-binfmts --enable qemu-aarch64; then
  echo "Programs for Arm cannot be started here: as root, run update-binfmts --enable qemu-aarch64, then try again." >&2
  exit 1
fi
exec scripts/small_device.py build/portable-arm64/src/cli/melete
