#!/usr/bin/env python3
"""Answers for training, many at once: tokens a second of Melete's writer of rollouts beside llama-server's.

The same questions, as many answers to each and as long, every token drawn from the whole vocabulary; llama-server gets
one request for each answer, all at the same time. What it takes to read the prompts counts on both sides.
"""

import argparse
import concurrent.futures
import json
import pathlib
import statistics
import subprocess
import sys
import time
import urllib.request

from servers import Server, machine


def melete_rate(options):
    command = [options.rollouts, options.model, options.questions, options.prompts, options.copies, options.tokens,
               options.prompts * options.copies]
    ran = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    told = json.loads(ran.stdout)
    return told["tokens"] / told["seconds"]


def ask(port, question, seed, tokens):
    body = {"messages": [{"role": "user", "content": question}], "max_tokens": tokens, "ignore_eos": True,
            "temperature": 1, "top_k": 0, "top_p": 1, "min_p": 0, "samplers": ["temperature"], "seed": seed}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/chat/completions", json.dumps(body).encode(),
                                     {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=3600) as reply:
        return json.load(reply)["usage"]["completion_tokens"]


def llama_rate(options, questions):
    rows = options.prompts * options.copies
    context = 1024 * options.prompts + rows * (options.tokens + 256)
    command = [str(options.peers / "llama-server"), "-m", options.model, "--port", "{port}", "-c", str(context), "-np",
               str(rows), "-kvu", "-fa", "on", "-b", "512", "-ub", "512", "--no-webui"]
    with Server("llama-server", command, options.output / "rollouts.log") as server:
        start = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(rows) as pool:
            asked = [pool.submit(ask, server.port, question, seed, options.tokens)
                     for question in questions for seed in range(options.copies)]
            tokens = sum(future.result() for future in asked)
        return tokens / (time.monotonic() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rollouts", default="build/release/bench/rollouts")
    parser.add_argument("--peers", type=pathlib.Path, required=True, help="folder with llama-server")
    parser.add_argument("--model", required=True, help="a GGUF file")
    parser.add_argument("--questions", type=pathlib.Path, required=True, help="JSONL with question")
    parser.add_argument("--prompts", type=int, default=8)
    parser.add_argument("--copies", type=int, default=8)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("build/bench"))
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    questions = [json.loads(line)["question"] for line in options.questions.read_text().splitlines()[:options.prompts]]
    ours, theirs = [], []
    for number in range(options.rounds):
        ours.append(melete_rate(options))
        theirs.append(llama_rate(options, questions))
        print(f"round {number + 1} of {options.rounds}: {ours[-1]:.0f} and {theirs[-1]:.0f} tokens/s", file=sys.stderr)
    ratios = [our / their for our, their in zip(ours, theirs)]
    print(f"Machine: {machine()}. {pathlib.Path(options.model).stem}, {options.prompts} questions with {options.copies} "
          f"answers of {options.tokens} tokens each, side by side.\n")
    print("| program | tokens/s | times llama-server |\n|---|---|---|")
    for name, values in (("melete", ours), ("llama-server", theirs)):
        told = f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})"
        ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})" if name == "melete" else ""
        print(f"| {name} | {told} | {ratio} |")


if __name__ == "__main__":
    main()
