#!/usr/bin/env python3
"""The Open Responses compliance suite against Melete.

The suite is not part of this repository: OPENRESPONSES names a folder with a checkout of
github.com/openresponses/openresponses (seen to run: version 2026-04-24). What it needs besides is pinned in
package.json and installed once. By default it asks the server whose model follows a script; --url and --model
name another. Ends with 0 when every test that was run passed.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PINNED = ("package.json", "package-lock.json", "websocket.mjs")


def prepare(suite, folder):
    """Copies the suite's code to `folder`, with what it imports beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("bin", "src"):
        shutil.rmtree(folder / part, ignore_errors=True)
        shutil.copytree(suite / part, folder / part)
    changed = [name for name in PINNED if not (folder / name).exists()
               or (folder / name).read_bytes() != (HERE / name).read_bytes()]
    for name in changed:
        shutil.copy(HERE / name, folder)
    if changed or not (folder / "node_modules").exists():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--prefix", folder], check=True)


@contextlib.contextmanager
def scripted(program):
    """Yields the address of a server of the scripted model."""
    server = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield server.stdout.readline().strip()
    finally:
        server.stdin.close()
        server.wait(timeout=60)


def run(folder, url, model, only):
    command = ["node", "--import", "tsx", "--import", "./websocket.mjs", "bin/compliance-test.ts",
               "--base-url", url + "/v1", "--api-key", "none", "--model", model]
    if only:
        command += ["--filter", only]
    return subprocess.run(command, cwd=folder).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default="build/release/tests/server/scripted_server",
                        help="the program that serves the scripted model")
    parser.add_argument("--url", help="a server that runs already, e.g. http://127.0.0.1:8080")
    parser.add_argument("--model", default="scripted")
    parser.add_argument("--only", help="ids of the suite's tests, with commas between")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/conformance"))
    options = parser.parse_args()
    suite = pathlib.Path(os.environ.get("OPENRESPONSES", ""))
    if not (suite / "bin" / "compliance-test.ts").is_file():
        sys.exit("OPENRESPONSES must name a checkout of github.com/openresponses/openresponses, "
                 "with bin/compliance-test.ts in it")
    prepare(suite, options.folder)
    with contextlib.ExitStack() as running:
        url = options.url or running.enter_context(scripted(options.server))
        code = run(options.folder, url, options.model, options.only)
    sys.exit(code)


if __name__ == "__main__":
    main()
