#!/usr/bin/env python3
"""Seconds of a training step of size M: melete-train beside PyTorch, which takes turns with it.

Both train on text in rows of the same shape, in bfloat16, with every core. Tokens a second count what Melete's
batches really hold; the peers' steps are taken to hold as many.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

CONFIG = """folder = "run"
steps = {steps}
[model]
size = "M"
[batch]
rows = {rows}
length = {length}
[tasks]
modular_chain = {{}}
multiplication = {{}}
graph_arithmetic = {{}}
countdown = {{}}
"""


def melete_step(options):
    """Seconds of a step, its tokens and how many of them are taught: means over a run, without its first step."""
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "run.toml"
        config.write_text(CONFIG.format(steps=options.steps + 1, rows=options.rows, length=options.length))
        subprocess.run([options.melete_train, "pretrain", "--config", config], check=True, stdout=subprocess.DEVNULL)
        lines = [json.loads(line) for line in (config.parent / "run" / "log.jsonl").read_text().splitlines()]
    tokens = statistics.mean(line["tokens"] for line in lines[1:])
    taught = statistics.mean(line["taught"] for line in lines[1:])
    return tokens / lines[-1]["tokens_per_second"], tokens, round(taught)


def peer_step(options, taught, *more):
    command = [options.python, pathlib.Path(__file__).with_name("peer.py"), "--rows", str(options.rows), "--length",
               str(options.length), "--taught", str(taught), "--steps", str(options.steps), *more]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def spread(values, digits=0):
    low, middle, high = (f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low} to {high})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--melete-train", default="build/train/train/melete-train")
    parser.add_argument("--python", default=sys.executable, help="one that has PyTorch")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rows", type=int, default=16)
    parser.add_argument("--length", type=int, default=256)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("build/bench"))
    options = parser.parse_args()
    seconds = {"melete-train": [], "PyTorch": [], "PyTorch, compiled": []}
    for number in range(options.rounds):
        step, tokens, taught = melete_step(options)
        seconds["melete-train"].append(step)
        plain = peer_step(options, taught)
        seconds["PyTorch"].append(plain["seconds_per_step"])
        seconds["PyTorch, compiled"].append(peer_step(options, taught, "--compile")["seconds_per_step"])
        print(f"round {number + 1} of {options.rounds}: " +
              ", ".join(f"{name} {values[-1]:.3f} s" for name, values in seconds.items()), file=sys.stderr)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "training.json").write_text(
        json.dumps({"seconds_per_step": seconds, "tokens": tokens, "taught": taught, "torch": plain["torch"]}, indent=1))
    print(f"PyTorch {plain['torch']}, {tokens:,.0f} tokens in a step, {taught:,} of them taught\n")
    print("| program | tokens/s | melete-train to it |\n|---|---|---|")
    for name, values in seconds.items():
        ratios = [theirs / ours for theirs, ours in zip(values, seconds["melete-train"])]
        print(f"| {name} | {spread([tokens / value for value in values])} | {spread(ratios, 2)} |")


if __name__ == "__main__":
    main()
