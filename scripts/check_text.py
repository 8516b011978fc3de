#!/usr/bin/env python3
"""Checks that no file names a package registry's host or a path of somebody's machine.

A user's own mirror settings decide where packages come from, and a path is only good on one machine.
Usage: check_text.py [ROOT]; reads what git tracks or would track.
"""

import re
import subprocess
import sys
from pathlib import Path

# Written so that this file does not match itself.
HOSTS = r"\b((pypi|pythonhosted|npmjs|debian)\.org|(npmjs|yarnpkg|nodesource)\.com|crates\.(io))\b"
PATHS = r"(?<![\w./}$-])/(work/(main|shared)|work\b|tmp/\w|root/|home/\w+/)"
FORBIDDEN = [
    (re.compile(HOSTS), "the host of a package registry"),
    (re.compile(PATHS), "a path of one machine"),
]


def complaints_in(text):
    """(line number, what it names) for each offending line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        found += [(number, what) for pattern, what in FORBIDDEN if pattern.search(line)]
    return found


def tracked_files(root):
    listing = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True, text=True).stdout
    return [root / name for name in listing.split("\0") if name and (root / name).is_file()]


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    files, failed = tracked_files(root), False
    for file in files:
        for number, what in complaints_in(file.read_bytes().decode("utf-8", "replace")):
            print(f"{file.relative_to(root)}:{number}: names {what}")
            failed = True
    print(f"texts: {len(files)} files")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
