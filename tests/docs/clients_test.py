"""The official OpenAI and Anthropic clients for Python and Node, and Vercel's AI SDK, against two real servers.

The small model writes what nobody can foretell and has neither tools nor eyes; the scripted model has both and
always does the same, so that round trips can be demanded to their last step.
"""

import subprocess
import unittest
from pathlib import Path

import served_model

SCRIPTS = Path(__file__).resolve().parents[1] / "server" / "clients"


class Clients:
    """The checks of every client; those who inherit say which server answers, as which model, and what it can do."""

    url, model, able = "", "", ()

    def check(self, command, path=""):
        ended = subprocess.run([*command, self.url + path, self.model, *self.able], text=True, timeout=200,
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

    def test_ai_sdk(self):
        self.check(self.node("ai_sdk.mjs"), "/v1")


class SmallModel(Clients, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.url = cls.enterClassContext(served_model.serve(context_tokens=2048))
        cls.model = served_model.small_model().stem


class ScriptedModel(Clients, unittest.TestCase):
    able = ("full",)
    model = "scripted"

    @classmethod
    def setUpClass(cls):
        cls.url = cls.enterClassContext(served_model.serve_scripted())


if __name__ == "__main__":
    unittest.main()
