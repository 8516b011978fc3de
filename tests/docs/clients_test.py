"""The official OpenAI clients for Python and Node against a real server."""

import subprocess
import unittest
from pathlib import Path

import served_model

SCRIPTS = Path(__file__).resolve().parents[1] / "server" / "clients"


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        serving = served_model.serve(context_tokens=2048)
        cls.url = cls.enterClassContext(serving)

    def check(self, command):
        model = served_model.small_model().stem
        ended = subprocess.run([*command, self.url + "/v1", model], text=True, timeout=200,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(ended.returncode, 0, ended.stdout)
        self.assertIn("ok errors", ended.stdout)

    def test_python(self):
        self.check([served_model.PYTHON, SCRIPTS / "openai_chat.py"])

    def test_node(self):
        # Node looks for packages beside the script.
        script = served_model.CLIENTS / "openai_chat.mjs"
        script.write_text((SCRIPTS / "openai_chat.mjs").read_text())
        self.check(["node", script])


if __name__ == "__main__":
    unittest.main()
