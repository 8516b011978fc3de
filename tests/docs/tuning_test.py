"""Runs the example of docs/tuning.md with OpenAI's client, over a program that stands for melete-train."""

import shlex
import tempfile
import unittest
from pathlib import Path

import served_model
from examples import Examples

TRAINER = Path(__file__).resolve().parent / "fake_trainer.py"


class Tuning(Examples):
    document = "docs/tuning.md"

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        command = shlex.split(cls.examples("sh")[0])
        options = command[command.index("--trainer"):]
        assert options == ["--trainer", "build/train/train/melete-train"], options
        cls.url = cls.enterClassContext(
            served_model.serve(context_tokens=2048, options=["--trainer", TRAINER], folder=cls.folder))

    def test_openais_client_teaches_a_model_and_asks_it(self):
        (self.folder / "mine.jsonl").write_text(self.examples("json")[0])
        told = self.run_command([served_model.PYTHON, "-c", self.adapted(self.examples("python")[0])])
        lines = told.strip().splitlines()
        self.assertIn("succeeded 40 tokens read", lines)
        self.assertTrue(lines[-1])
        self.assertNotIn("tokens read", lines[-1])

    def test_every_example_is_run(self):
        self.assertEqual(self.text().count("```"), 2 * 3)


if __name__ == "__main__":
    unittest.main()
