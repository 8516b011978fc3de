"""Servers for tests that ask as users do: a real `melete serve` with the small model, and the scripted model."""

import contextlib
import os
import re
import subprocess
import tempfile
from pathlib import Path

PROGRAM = os.environ["MELETE_PROGRAM"]
SCRIPTED_SERVER = os.environ["MELETE_SCRIPTED_SERVER"]
CLIENTS = Path(os.environ["MELETE_CLIENTS"])
PYTHON = CLIENTS / "python" / "bin" / "python"


def small_model():
    """The file that `make test` pulled."""
    path = os.environ.get("MELETE_TEST_MODEL", "")
    if not path:
        raise SystemExit("MELETE_TEST_MODEL names no model file: run the tests by `make test`")
    return Path(path)


@contextlib.contextmanager
def serve(context_tokens, options=(), folder=None):
    """Yields the address of a server of the small model, started in `folder` with further options; ends it after."""
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryDirectory() as data:
        command = [PROGRAM, "serve", "--model", small_model(), "--port", "0",
                   "--context", str(context_tokens), "--data", data, *options]
        server = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                  text=True)
        try:
            for line in server.stderr:
                said.write(line)
                if found := re.search(r"^serving .* at (http://\S+)", line):
                    yield found.group(1)
                    return
            said.seek(0)
            raise SystemExit("the server did not start:\n" + said.read())
        finally:
            server.terminate()
            server.communicate(timeout=30)


@contextlib.contextmanager
def serve_scripted():
    """Yields the address of a server of the scripted model (tests/server/scripted_server.cc); ends it after."""
    server = subprocess.Popen([SCRIPTED_SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        yield server.stdout.readline().strip()
    finally:
        server.stdin.close()
        server.wait(timeout=30)
        server.stdout.close()
