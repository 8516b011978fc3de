#!/usr/bin/env python3
"""A step that teaches smollm2-135m by LoRA: melete-train beside transformers with PEFT, which takes turns with it.

Both have bfloat16 weights and rows of the same shape, full of text of which every token is taught.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

from run import spread

CONFIG = """folder = "run"
model = "{model}"
steps = {steps}
precision = "bf16"
[batch]
rows = {rows}
length = {length}
[files]
texts = {{path = "texts.jsonl"}}
"""
WORDS = "the river runs past a small town where boats carry wood and stone down to the grey sea".split()


def write_texts(file, length):
    """Texts of about a third of a row, so that few places of a row stay empty."""
    chance = random.Random(1)
    with file.open("w") as out:
        for _ in range(2000):
            words = [chance.choice(WORDS) for _ in range(length // 3 - 3)]
            out.write(json.dumps({"text": " ".join(words)}) + "\n")


def melete_step(options):
    """Tokens a second without the first step, and the most memory in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "tune.toml"
        config.write_text(CONFIG.format(model=options.model, steps=options.steps + 1, rows=options.rows,
                                        length=options.length))
        write_texts(config.with_name("texts.jsonl"), options.length)
        child = subprocess.Popen([options.melete_train, "tune", "--config", config], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            sys.exit(said)
        lines = [json.loads(line) for line in (config.parent / "run" / "log.jsonl").read_text().splitlines()]
    return lines[-1]["tokens_per_second"], usage.ru_maxrss / 1024


def peer_step(options):
    command = [options.python, pathlib.Path(__file__).with_name("adapter_peer.py"), "--rows", str(options.rows),
               "--length", str(options.length), "--steps", str(options.steps)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--melete-train", default="build/train/train/melete-train")
    parser.add_argument("--python", default=sys.executable, help="one that has PEFT")
    parser.add_argument("--model", default="smollm2-135m")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--length", type=int, default=256)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("build/bench"))
    options = parser.parse_args()
    ours, theirs, our_memory, their_memory = [], [], [], []
    for number in range(options.rounds):
        rate, memory = melete_step(options)
        ours.append(rate)
        our_memory.append(memory)
        peer = peer_step(options)
        theirs.append(peer["tokens"] / peer["seconds_per_step"])
        their_memory.append(peer["memory_mib"])
        print(f"round {number + 1} of {options.rounds}: {ours[-1]:,.0f} and {theirs[-1]:,.0f} tokens/s", file=sys.stderr)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "adapters.json").write_text(json.dumps(
        {"melete-train": {"tokens_per_second": ours, "memory_mib": our_memory},
         "PEFT": {"tokens_per_second": theirs, "memory_mib": their_memory}, "versions": peer["versions"]}, indent=1))
    ratios = [our / their for our, their in zip(ours, theirs)]
    print(f"{peer['versions']}; {options.rows} rows of {options.length}, {peer['learning']:,} weights that learn\n")
    print("| program | tokens/s | melete-train to it | most memory, MiB |\n|---|---|---|---|")
    print(f"| melete-train tune | {spread(ours)} | | {spread(our_memory)} |")
    print(f"| transformers and PEFT | {spread(theirs)} | {spread(ratios, 2)} | {spread(their_memory)} |")


if __name__ == "__main__":
    main()
