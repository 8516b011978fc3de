#!/usr/bin/env python3
"""Checks that no source file is too long and that each opens by saying what it is.

Files over 400 lines are listed, files over 800 fail, as does a root CMakeLists.txt of 150 or more. A .cc
file may open with its own header instead of a comment. Usage: check_sizes.py [ROOT].
"""

import statistics
import sys
from pathlib import Path

LISTED, MOST, MOST_ROOT_CMAKE = 400, 800, 149
FOLDERS = ("src", "train", "tests", "bench", "scripts", "cmake", "web/src", "web/tests")
OPENINGS = {
    ".h": ("//", "/*"),
    ".cc": ("//", "/*"),
    ".cu": ("//", "/*"),
    ".ts": ("//", "/*"),
    ".svelte": ("<!--",),
    ".html": ("<!--", "<!doctype", "<!DOCTYPE"),
    ".css": ("/*",),
    ".py": ('"""', "#"),
    ".sh": ("#",),
    ".cmake": ("#",),
    ".toml": ("#",),
}


def opens_well(path, text):
    """True when the file begins with what it is."""
    lines = text.splitlines()
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    first = lines[0] if lines else ""
    if path.suffix == ".cc" and first.startswith("#include \""):
        return first.endswith(f'/{path.stem}.h"')
    return first.startswith(OPENINGS[path.suffix])


def source_files(root):
    """The files that the rules are for."""
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in OPENINGS and file.is_file() and "node_modules" not in file.parts:
                yield file


def check(root):
    """Complaints, and the number of lines of each file by its path."""
    complaints, sizes = [], {}
    for file in source_files(root):
        path = file.relative_to(root)
        text = file.read_text()
        sizes[path] = text.count("\n")
        if sizes[path] > MOST:
            complaints.append(f"{path}: {sizes[path]} lines; no file has more than {MOST}: split it")
        if not opens_well(path, text):
            complaints.append(f"{path}:1: open the file with two to six lines that say what it is")
    root_cmake = root / "CMakeLists.txt"
    if root_cmake.exists() and root_cmake.read_text().count("\n") > MOST_ROOT_CMAKE:
        complaints.append(f"CMakeLists.txt: more than {MOST_ROOT_CMAKE} lines; move some to its folder")
    return complaints, sizes


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    complaints, sizes = check(root)
    for path, lines in sorted(sizes.items(), key=lambda item: -item[1]):
        if LISTED < lines <= MOST:
            print(f"long: {path}: {lines} lines")
    for complaint in complaints:
        print(complaint)
    median = statistics.median(sizes.values()) if sizes else 0
    print(f"sizes: {len(sizes)} files, median {median:.0f} lines, longest {max(sizes.values(), default=0)}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
