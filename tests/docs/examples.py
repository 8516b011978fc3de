"""Runs the examples of a document as they stand there, against a real server.

Only the address of the server and the name of the model are others: the small model answers. `melete` is the
program that was built; without --server it loads the small model.
"""

import os
import re
import subprocess
import unittest
from pathlib import Path

import served_model

ROOT = Path(__file__).resolve().parents[2]

# What a person's shell has: the program by its name, a repository with a change, a picture, and a curl that fails
# loudly.
SHELL = """set -euo pipefail
melete() {
  case "$* " in
    *--server* | *melete-nano*) "$MELETE_PROGRAM" "$@" ;;
    ask*|chat*) "$MELETE_PROGRAM" "$@" --model "$MODEL" --context 2048 --max-tokens 64 ;;
    *) "$MELETE_PROGRAM" "$@" ;;
  esac
}
curl() { command curl --silent --show-error --fail-with-body "$@"; }
echo 'int main() { return 1 }' >main.cc
git init --quiet . && git add main.cc
echo 'int main() { return 0; }' >main.cc
cp "$ROOT/tests/engine/digits/written_3_1.png" digit.png
"""


class Examples(unittest.TestCase):
    """Those who inherit name the document, and set the server's address and a folder to work in."""

    document, url, folder = "", "", None

    @classmethod
    def text(cls):
        return (ROOT / cls.document).read_text()

    @classmethod
    def examples(cls, language):
        """The fenced blocks of one language, in order."""
        return re.findall(rf"^```{language}\n(.*?)^```$", cls.text(), re.MULTILINE | re.DOTALL)

    def adapted(self, example):
        model = served_model.small_model().stem
        return (example.replace("http://127.0.0.1:8080", self.url)
                .replace("qwen2.5-coder-1.5b", model))

    def run_command(self, command):
        """What the command wrote to standard output."""
        settings = {"MODEL": served_model.small_model(), "ROOT": ROOT,
                    "MELETE_MODELS": served_model.small_model().parent}
        ended = subprocess.run(command, cwd=self.folder, env={**os.environ, **settings}, text=True,
                               stdin=subprocess.DEVNULL, capture_output=True, timeout=280)
        self.assertEqual(ended.returncode, 0, f"{command}\n{ended.stdout}\n{ended.stderr}")
        return ended.stdout

    def run_shell(self, example):
        return self.run_command(["bash", "-c", SHELL + self.adapted(example)])

    def shell_example(self, *, holding):
        found = [example for example in self.examples("sh") if holding in example]
        self.assertEqual(len(found), 1, f"shell examples of {self.document} that hold {holding!r}")
        return found[0]
