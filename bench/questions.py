#!/usr/bin/env python3
"""Accuracy, seconds and tokens of each mode on word problems, through Melete's own public API.

The answer counts as right when the last number in it equals the expected one.
"""

import argparse
import asyncio
import json
import pathlib
import re
import statistics

from servers import Server, machine
from stream_client import ask


def last_number(text):
    numbers = re.findall(r"-?\d[\d,]*(?:\.\d+)?", text)
    return float(numbers[-1].replace(",", "")) if numbers else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--melete", default="build/release/src/cli/melete")
    parser.add_argument("--model", required=True)
    parser.add_argument("--questions", type=pathlib.Path, required=True, help="JSONL with question and answer")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("build/bench"))
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    items = [json.loads(line) for line in options.questions.read_text().splitlines()[: options.count]]

    kept = []
    command = [options.melete, "serve", "--model", options.model, "--port", "{port}"]
    with Server("melete", command, options.output / "questions.log") as server:
        model = server.model()
        for number, item in enumerate(items):
            for mode in ("instant", "thinking", "contemplating"):
                body = {"model": f"{model}:{mode}", "max_tokens": 1024, "seed": number,
                        "messages": [{"role": "user", "content": item["question"]}]}
                reply = asyncio.run(ask(server.port, body))
                right = last_number(reply.texts.get(0, "")) == float(item["answer"])
                details = reply.usage.get("completion_tokens_details") or {}
                kept.append({"id": item["id"], "mode": mode, "right": right, "seconds": reply.last,
                             "first": reply.first, "tokens": reply.usage.get("completion_tokens", 0),
                             "reasoning_tokens": details.get("reasoning_tokens", 0), "error": reply.error,
                             "text": reply.texts.get(0, ""), "reasoning": reply.reasoning.get(0, "")})
                print(f"{number + 1}/{len(items)} {mode}: {'right' if right else 'wrong'} in {reply.last:.1f} s",
                      flush=True)
    (options.output / "questions.json").write_text(json.dumps(kept, indent=1))

    lines = [f"Machine: {machine()}. {len(items)} questions of {options.questions.name}.", "",
             "| mode | right | seconds, median (longest) | tokens, median | of them reasoning | empty answers |",
             "|---|---|---|---|---|---|"]
    for mode in ("instant", "thinking", "contemplating"):
        runs = [run for run in kept if run["mode"] == mode]
        seconds = [run["seconds"] for run in runs]
        lines.append(f"| {mode} | {sum(run['right'] for run in runs)} of {len(runs)} | "
                     f"{statistics.median(seconds):.1f} ({max(seconds):.1f}) | "
                     f"{statistics.median(run['tokens'] for run in runs):.0f} | "
                     f"{statistics.median(run['reasoning_tokens'] for run in runs):.0f} | "
                     f"{sum(not run['text'].strip() for run in runs)} |")
    text = "\n".join(lines) + "\n"
    (options.output / "questions.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
