"""Each check of scripts/ passes what is right and fails on what it is for."""

import contextlib
import io
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
sys.dont_write_bytecode = True

import check_layers  # noqa: E402
import check_sizes  # noqa: E402
import check_text  # noqa: E402


class Tree:
    """A source tree of a few files, gone after the test."""

    def __init__(self, files):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        for name, text in files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)

    def __enter__(self):
        return self.root

    def __exit__(self, *_):
        self.folder.cleanup()


def layer_complaints(path, include):
    with Tree({path: f"// A file.\n#include {include}\n"}) as root:
        return check_layers.check(root)[0]


class Layers(unittest.TestCase):
    def test_a_layer_may_use_what_its_row_names(self):
        self.assertEqual(layer_complaints("src/modes/vote.cc", '"chat/event.h"'), [])
        self.assertEqual(layer_complaints("src/modes/vote.cc", '"modes/vote.h"'), [])
        self.assertEqual(layer_complaints("src/cli/main.cc", '"server/server.h"'), [])

    def test_a_layer_may_not_use_what_its_row_leaves_out(self):
        complaints = layer_complaints("src/modes/vote.cc", '"engine/engine.h"')
        self.assertEqual(len(complaints), 1)
        self.assertIn("src/modes/vote.cc:2:", complaints[0])
        self.assertIn("src/modes may not use engine", complaints[0])

    def test_spaces_and_angle_brackets_do_not_hide_an_include(self):
        self.assertEqual(len(layer_complaints("src/base/a.cc", '<chat/event.h>')), 1)
        with Tree({"src/base/a.h": '// A.\n  #  include "api/b.h"\n'}) as root:
            self.assertEqual(len(check_layers.check(root)[0]), 1)

    def test_a_new_folder_needs_a_row(self):
        self.assertEqual(len(layer_complaints("src/novel/a.cc", '"base/error.h"')), 1)

    def test_llama_cpp_stays_in_the_engine(self):
        for header in ("llama.h", "llama-cpp.h", "ggml.h", "ggml-backend.h", "gguf.h", "mtmd.h",
                       "mtmd-helper.h", "common.h", "chat.h", "sampling.h"):
            self.assertEqual(layer_complaints("src/engine/a.cc", f"<{header}>"), [], header)
            self.assertEqual(layer_complaints("tests/engine/a.cc", f'"{header}"'), [], header)
            self.assertEqual(len(layer_complaints("src/server/a.cc", f'"{header}"')), 1, header)

    def test_beast_stays_out_of_the_vocabulary(self):
        self.assertEqual(len(layer_complaints("src/chat/a.cc", "<boost/beast/http.hpp>")), 1)
        self.assertEqual(layer_complaints("src/chat/a.cc", "<boost/asio/awaitable.hpp>"), [])
        self.assertEqual(len(layer_complaints("src/media/a.cc", "<boost/asio/awaitable.hpp>")), 1)

    def test_training_uses_its_row_and_torch_stays_there(self):
        self.assertEqual(layer_complaints("train/a.cc", "<torch/torch.h>"), [])
        self.assertEqual(len(layer_complaints("src/engine/a.cc", "<torch/torch.h>")), 1)
        self.assertEqual(len(layer_complaints("train/a.cc", '"server/server.h"')), 1)

    def test_no_layer_may_use_one_that_uses_it(self):
        def reaches(layer, seen=()):
            below = check_layers.LAYERS[layer].split()
            return set(below).union(*(reaches(next_layer) for next_layer in below))
        for layer in check_layers.LAYERS:
            self.assertNotIn(layer, reaches(layer))


def size_complaints(files):
    with Tree(files) as root:
        return check_sizes.check(root)[0]


class Sizes(unittest.TestCase):
    def test_a_file_that_says_what_it_is_passes(self):
        self.assertEqual(size_complaints({
            "src/base/a.h": "// A.\n#pragma once\n",
            "src/base/a.cc": '#include "base/a.h"\n',
            "scripts/a.sh": "#!/bin/sh\n# A.\n",
            "scripts/a.py": '#!/usr/bin/env python3\n"""A."""\n',
        }), [])

    def test_a_silent_file_fails(self):
        for name, text in {"src/base/a.h": "#pragma once\n", "src/base/a.cc": "#include <string>\n",
                           "src/base/b.cc": '#include "base/a.h"\n', "src/base/c.h": "",
                           "scripts/a.sh": "#!/bin/sh\nset -e\n"}.items():
            self.assertEqual(len(size_complaints({name: text})), 1, name)

    def test_a_file_over_800_lines_fails(self):
        self.assertEqual(size_complaints({"src/a/a.cc": "// A.\n" * 800}), [])
        self.assertEqual(len(size_complaints({"src/a/a.cc": "// A.\n" * 801})), 1)

    def test_the_root_build_file_stays_short(self):
        self.assertEqual(size_complaints({"CMakeLists.txt": "# A.\n" * 149}), [])
        self.assertEqual(len(size_complaints({"CMakeLists.txt": "# A.\n" * 150})), 1)


class Texts(unittest.TestCase):
    def test_registry_hosts_fail(self):
        for host in ("pypi" + ".org", "files.python" + "hosted.org", "registry.npmjs" + ".org",
                     "deb.debian" + ".org"):
            self.assertEqual(len(check_text.complaints_in(f"see https://{host}/x")), 1, host)

    def test_machine_paths_fail(self):
        for path in ("/" + "work/main/src", "/" + "tmp/w/model", "/" + "root/.cache", "/" + "home/ann/x"):
            for line in (f'open("{path}")', f"cd {path}", f"--model={path}"):
                self.assertEqual(len(check_text.complaints_in(line)), 1, line)

    def test_other_texts_pass(self):
        for line in ("https://huggingface.co/x", "src/work/x", "build/tmp/x", "~/.cache", "/dev/null",
                     "framework/", "$HOME/tmp/x"):
            self.assertEqual(check_text.complaints_in(line), [], line)

    def test_the_line_and_the_status_are_told(self):
        with Tree({"a.txt": "fine\nhttps://pypi" + ".org\n"}) as root:
            subprocess.run(["git", "init", "-q", root], check=True)
            run = subprocess.run([ROOT / "scripts/check_text.py", root], capture_output=True, text=True)
        self.assertEqual(run.returncode, 1)
        self.assertIn("a.txt:2:", run.stdout)


class Output(unittest.TestCase):
    def test_a_check_that_passes_prints_one_line(self):
        with Tree({"src/base/a.h": "// A.\n"}) as root, contextlib.redirect_stdout(io.StringIO()) as out:
            sys.argv = ["check_layers.py", str(root)]
            self.assertEqual(check_layers.main(), 0)
        self.assertEqual(out.getvalue(), "layers: 1 files\n")


if __name__ == "__main__":
    unittest.main()
