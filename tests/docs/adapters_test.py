"""Runs the examples of docs/adapters.md, with adapters that add nothing."""

import json
import shlex
import tempfile
import unittest
import urllib.request
from pathlib import Path

import served_model
from examples import Examples
from lora_file import write_lora


class Adapters(Examples):
    document = "docs/adapters.md"

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        command = shlex.split(cls.examples("sh")[0])
        options = command[command.index("--adapter"):]
        for name in ("sql-lora.gguf", "haiku.gguf"):
            write_lora(cls.folder / name, "llama", {"blk.0.attn_q.weight": (576, 576)})
        cls.url = cls.enterClassContext(
            served_model.serve(context_tokens=2048, options=options, folder=cls.folder))

    def test_curl_asks_the_adapter_by_name(self):
        example = self.shell_example(holding="curl")
        answer = json.loads(self.run_shell(example))
        self.assertEqual(answer["model"], served_model.small_model().stem + ":sql")
        self.assertTrue(answer["choices"][0]["message"]["content"])

    def test_melete_ask(self):
        self.assertTrue(self.run_shell(self.shell_example(holding="melete ask")).strip())

    def test_they_are_listed_as_models_of_a_parent(self):
        model = served_model.small_model().stem
        with urllib.request.urlopen(self.url + "/v1/models") as reply:
            parents = {entry["id"]: entry.get("parent") for entry in json.load(reply)["data"]}
        self.assertEqual(parents[model + ":sql"], model)
        self.assertEqual(parents[model + ":haiku:contemplating"], model)
        self.assertIsNone(parents[model])

    def test_every_example_is_run(self):
        self.assertEqual(self.text().count("```"), 2 * 3)
        self.assertEqual(len(self.examples("sh")), 3)


if __name__ == "__main__":
    unittest.main()
