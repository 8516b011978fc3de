"""A real `melete serve` with the small model, for tests that ask it as its users do."""

import contextlib
import os
import re
import subprocess
import tempfile
from pathlib import Path

PROGRAM = os.environ["MELETE_PROGRAM"]
CLIENTS = Path(os.environ["MELETE_CLIENTS"])
PYTHON = CLIENTS / "python" / "bin" / "python"


def small_model():
    """The file that `make test` pulled."""
    path = os.environ.get("MELETE_TEST_MODEL", "")
    if not path:
        raise SystemExit("MELETE_TEST_MODEL names no model file: run the tests by `make test`")
    return Path(path)


@contextlib.contextmanager
def serve(context_tokens):
    """Yields the address of a server of the small model; ends it after."""
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryDirectory() as data:
        command = [PROGRAM, "serve", "--model", small_model(), "--port", "0",
                   "--context", str(context_tokens), "--data", data]
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
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
