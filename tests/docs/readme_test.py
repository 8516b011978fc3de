"""Runs the examples of README.md as they stand there, against a real server.

Only the address of the server and the name of the model are others: the small model answers. `melete` is the
program that was built; without --server it loads the small model.
"""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import served_model

README = Path(__file__).resolve().parents[2] / "README.md"

# What a person's shell has: the program by its name, a repository with a change, and a curl that fails loudly.
SHELL = """set -euo pipefail
melete() {
  case "$* " in
    *--server*) "$MELETE_PROGRAM" "$@" ;;
    ask*|chat*) "$MELETE_PROGRAM" "$@" --model "$MODEL" --context 2048 --max-tokens 64 ;;
    *) "$MELETE_PROGRAM" "$@" ;;
  esac
}
curl() { command curl --silent --show-error --fail-with-body "$@"; }
echo 'int main() { return 1 }' >main.cc
git init --quiet . && git add main.cc
echo 'int main() { return 0; }' >main.cc
"""


def examples(language):
    """The fenced blocks of one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)


class Readme(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.url = cls.enterClassContext(served_model.serve(context_tokens=2048))
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def adapted(self, example):
        model = served_model.small_model().stem
        return (example.replace("http://127.0.0.1:8080", self.url)
                .replace("qwen2.5-coder-1.5b", model))

    def run_command(self, command):
        """What the command wrote to standard output."""
        settings = {"MODEL": served_model.small_model(),
                    "MELETE_MODELS": served_model.small_model().parent}
        ended = subprocess.run(command, cwd=self.folder, env={**os.environ, **settings}, text=True,
                               stdin=subprocess.DEVNULL, capture_output=True, timeout=280)
        self.assertEqual(ended.returncode, 0, f"{command}\n{ended.stdout}\n{ended.stderr}")
        return ended.stdout

    def run_shell(self, example):
        return self.run_command(["bash", "-c", SHELL + self.adapted(example)])

    def shell_example(self, *, holding):
        found = [example for example in examples("sh") if holding in example]
        self.assertEqual(len(found), 1, f"shell examples of README.md that hold {holding!r}")
        return found[0]

    def test_curl_for_a_whole_answer(self):
        answer = json.loads(self.run_shell(self.shell_example(holding=":thinking\"")))
        self.assertEqual(answer["object"], "chat.completion")
        self.assertTrue(answer["choices"][0]["message"]["content"])
        self.assertGreater(answer["usage"]["completion_tokens"], 0)

    def test_curl_for_a_stream(self):
        stream = self.run_shell(self.shell_example(holding="\"stream\": true"))
        events = re.findall(r"^data: (.*)$", stream, re.MULTILINE)
        self.assertEqual(events[-1], "[DONE]")
        chunks = [json.loads(event) for event in events[:-1]]
        deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
        self.assertTrue("".join(delta.get("content") or "" for delta in deltas))

    def test_python_client(self):
        for example in examples("python"):
            self.assertTrue(
                self.run_command([served_model.PYTHON, "-c", self.adapted(example)]).strip())

    def test_node_client(self):
        for example in examples("js"):
            script = served_model.CLIENTS / "readme_example.mjs"
            script.write_text(self.adapted(example))
            self.assertTrue(self.run_command(["node", script]).strip())

    def test_melete_commands(self):
        lines = self.shell_example(holding="melete ask").strip().splitlines()
        self.assertGreaterEqual(len(lines), 6)
        for line in lines:
            with self.subTest(line):
                said = self.run_shell(line)
                if "melete ask" in line or "melete doctor" in line:
                    self.assertTrue(said.strip())

    def test_every_example_is_run(self):
        languages = re.findall(r"^```(\w+)$", README.read_text(), re.MULTILINE)
        self.assertEqual(set(languages), {"sh", "python", "js"})
        self.assertEqual(languages.count("sh"), 3)


if __name__ == "__main__":
    unittest.main()
