#!/usr/bin/env python3
"""Says what failed, with the end of what it printed, and how many tests passed: sum_up_tests.py TESTS.XML...

Reads the JUnit files that scripts/run_tests.sh leaves, one for each build. The last line holds the numbers.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

MOST_LINES = 30  # of one failed test's output


def main(names):
    passed = 0
    failed = 0
    for name in filter(Path.exists, map(Path, names)):
        suite = ElementTree.parse(name).getroot()
        left_out = int(suite.get("skipped", 0)) + int(suite.get("disabled", 0))
        passed += int(suite.get("tests", 0)) - int(suite.get("failures", 0)) - left_out
        failed += int(suite.get("failures", 0))
        for case in suite.iter("testcase"):
            if case.get("status") != "fail":
                continue
            print(f"-- {name.parent.name}: {case.get('name')} failed")
            print("\n".join((case.findtext("system-out") or "").splitlines()[-MOST_LINES:]))
    print(f"{passed} passed, {failed} failed")


main(sys.argv[1:])
