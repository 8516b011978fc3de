#!/usr/bin/env python3
"""Stands for melete-train where no libtorch is: tells a step and writes an adapter that adds nothing."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lora_file import write_lora

command, option, config = sys.argv[1:]
assert (command, option) == ("tune", "--config"), sys.argv
folder = Path(config).parent
assert json.loads((folder / "data.jsonl").read_text())["messages"]
run = folder / "run"
run.mkdir(exist_ok=True)
step = {"step": 1, "loss": 1.5, "tokens": 40, "tokens_per_second": 20.0}
(run / "log.jsonl").write_text(json.dumps(step) + "\n")
write_lora(run / "adapter.gguf", "llama", {"blk.0.attn_q.weight": (576, 576)})
