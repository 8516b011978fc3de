"""The official OpenAI and Anthropic clients for Python and Node against a real server."""

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

    def check(self, command, path=""):
        model = served_model.small_model().stem
        ended = subprocess.run([*command, self.url + path, model], text=True, timeout=200,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(ended.returncode, 0, ended.stdout)
        self.assertIn("ok errors", ended.stdout)

    def node(self, name):
        # Node looks for packages beside the script.
        script = served_model.CLIENTS / name
        script.write_text((SCRIPTS / name).read_text())
        return ["node", script]

    def test_openai_for_python(self):
        self.check([served_model.PYTHON, SCRIPTS / "openai_chat.py"], "/v1")

    def test_openai_for_node(self):
        self.check(self.node("openai_chat.mjs"), "/v1")

    def test_openai_responses_for_python(self):
        self.check([served_model.PYTHON, SCRIPTS / "openai_responses.py"], "/v1")

    def test_openai_responses_for_node(self):
        self.check(self.node("openai_responses.mjs"), "/v1")

    def test_anthropic_for_python(self):
        self.check([served_model.PYTHON, SCRIPTS / "anthropic_messages.py"])

    def test_anthropic_for_node(self):
        self.check(self.node("anthropic_messages.mjs"))


if __name__ == "__main__":
    unittest.main()
