"""Runs the examples of README.md."""

import json
import re
import tempfile
import unittest
from pathlib import Path

import served_model
from examples import Examples


class Readme(Examples):
    document = "README.md"

    @classmethod
    def setUpClass(cls):
        cls.url = cls.enterClassContext(served_model.serve(context_tokens=2048))
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

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
        for example in self.examples("python"):
            self.assertTrue(
                self.run_command([served_model.PYTHON, "-c", self.adapted(example)]).strip())

    def test_node_client(self):
        for example in self.examples("js"):
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
        languages = re.findall(r"^```(\w+)$", self.text(), re.MULTILINE)
        self.assertEqual(set(languages), {"sh", "python", "js"})
        self.assertEqual(languages.count("sh"), 3)


if __name__ == "__main__":
    unittest.main()
