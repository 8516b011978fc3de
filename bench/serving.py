#!/usr/bin/env python3
"""Melete beside llama-server and llama-batched-bench: speed of many answers, first token, memory.

All three are built from the same source and read the same model file. The arms take turns within each round, so
that the machine's noise hits all alike; figures are medians over the rounds. Every answer has a fixed length
(the end of turn is switched off), so the bench knows the number of tokens without asking the server.
"""

import argparse
import asyncio
import json
import os
import pathlib
import re
import statistics
import subprocess

from servers import Server, machine
from stream_client import ask_all

WIDTHS = [1, 4, 8, 16]
CONTEXT = 8192  # cells; every model at hand was trained for as many
PROMPT = (
    "Run {run}, reader {reader}. Here is a note about rivers. A river begins at a spring or where smaller "
    "streams meet, and it follows the slope of the land towards a lake or the sea. On its way it carries "
    "stones, sand and mud, and it lays them down again where the water slows. Towns grew along rivers, for they "
    "gave water, fish, power for mills and an easy road for boats. Write a long story about a person who lives "
    "beside such a river and about one year of that person's life."
)


def body(run, reader, tokens, choices=1):
    return {
        "messages": [{"role": "user", "content": PROMPT.format(run=run, reader=reader)}],
        "max_tokens": tokens,
        "n": choices,
        "temperature": 0.8,
        "top_k": 40,
        "top_p": 0.95,
        "min_p": 0.05,
        "seed": 7,
    }


def measure(server, bodies, tokens):
    """Tokens per second over the whole run, and the median time to the first token."""
    model = server.model()
    replies, seconds = asyncio.run(ask_all(server.port, [{**request, **server.fields, "model": model} for request in bodies]))
    count = 0
    for reply, request in zip(replies, bodies):
        reasons = list(reply.finish.values())
        if reply.error or len(reasons) != request["n"] or set(reasons) != {"length"}:
            raise RuntimeError(f"{server.name}: an answer was not written to its full length: {reply}")
        count += tokens * request["n"]
    return {"rate": count / seconds, "first": statistics.median(reply.first for reply in replies),
            "prompt": replies[0].usage.get("prompt_tokens", 0)}


def follow_up(server, run):
    """Seconds to the first token: of the next turn of a conversation of some 2,000 tokens, and of that turn alone."""
    def ask(messages, tokens):
        request = {"messages": messages, "max_tokens": tokens, "temperature": 0, "model": server.model()}
        reply = asyncio.run(ask_all(server.port, [{**request, **server.fields}]))[0][0]
        if reply.error or not reply.first:
            raise RuntimeError(f"{server.name}: no answer to a follow-up: {reply}")
        return reply

    def user(text):
        return {"role": "user", "content": text}

    conversation = [user(" ".join(PROMPT.format(run=run, reader=part) for part in range(15)))]
    first = ask(conversation, 32)
    turn = f"Run {run}. Now tell what the person of your story does in the autumn of that year, when the water is " \
           "high, the mill stands still, and the boats lie on the bank with their keels in the air. Keep to the " \
           "names and places that you have used so far, and end with the first frost."
    later = ask(conversation + [{"role": "assistant", "content": first.texts[0]}, user(turn)], 8)
    return {"follow_up": later.first, "alone": ask([user(f"{turn} ({server.name})")], 8).first,
            "prompt": later.usage.get("prompt_tokens", 0)}


def batched_bench(program, model, prompt_tokens, tokens, shared):
    """llama-batched-bench's own figures: total written tokens per second by width."""
    command = [program, "-m", model, "-c", str(CONTEXT), "-b", "512", "-ub", "512", "-npp", str(prompt_tokens),
               "-ntg", str(tokens), "-npl", ",".join(map(str, WIDTHS)), "-fa", "on", "-kvu",
               "-t", str(len(os.sched_getaffinity(0)))]
    if shared:
        command.append("-pps")
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rates = {}
    for line in output.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) >= 10 and re.fullmatch(r"\d+", cells[0]):
            width, seconds = int(cells[2]), float(cells[8])
            rates[width] = width * tokens / seconds
    return rates


def table(title, columns, rows):
    lines = [f"### {title}", "", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def spread(values):
    return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--melete", required=True)
    parser.add_argument("--peers", required=True, help="folder with llama-server and llama-batched-bench")
    parser.add_argument("--model", required=True, help="a GGUF file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("build/bench"))
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    peers = pathlib.Path(options.peers)

    melete = Server("melete", [options.melete, "serve", "--model", options.model, "--port", "{port}",
                               "--context", str(CONTEXT), "--sequences", "16"],
                    options.output / "melete.log", {"melete": {"ignore_eos": True}})
    llama = Server("llama-server", [str(peers / "llama-server"), "-m", options.model, "--port", "{port}", "-c",
                                    str(CONTEXT), "-np", "16", "-kvu", "-fa", "on", "-b", "512", "-ub", "512",
                                    "--no-webui"], options.output / "llama-server.log", {"ignore_eos": True})
    results = {"machine": machine(), "model": pathlib.Path(options.model).name, "tokens": options.tokens,
               "parallel": {}, "choices": {}, "follow_up": {}, "memory": {}}
    with melete, llama:
        arms = [melete, llama]
        for server in arms:
            measure(server, [body("warm", server.name, 8)], 8)
        for round_number in range(options.rounds):
            for width in WIDTHS:
                for server in arms if round_number % 2 == 0 else arms[::-1]:
                    run = f"{round_number}-{width}"
                    bodies = [body(run, reader, options.tokens) for reader in range(width)]
                    figures = measure(server, bodies, options.tokens)
                    results["parallel"].setdefault(f"{server.name}/{width}", []).append(figures)
                    figures = measure(server, [body(run, "all", options.tokens, width)], options.tokens)
                    results["choices"].setdefault(f"{server.name}/{width}", []).append(figures)
                    print(f"round {round_number + 1} width {width} {server.name}: {figures['rate']:.1f} tokens/s",
                          flush=True)
            for server in arms if round_number % 2 == 0 else arms[::-1]:
                results["follow_up"].setdefault(server.name, []).append(follow_up(server, round_number))
            prompt = results["parallel"]["melete/1"][0]["prompt"]
            for shared, kind in ((False, "parallel"), (True, "choices")):
                rates = batched_bench(str(peers / "llama-batched-bench"), options.model, prompt, options.tokens,
                                      shared)
                for width, rate in rates.items():
                    results[kind].setdefault(f"llama-batched-bench/{width}", []).append({"rate": rate, "first": 0})
        for server in arms:
            results["memory"][server.name] = {"resident": server.memory(), "peak": server.memory("VmHWM")}

    report = [f"Machine: {results['machine']}. Model: {results['model']}. Prompt {prompt} tokens, {options.tokens} "
              f"written per answer, {options.rounds} rounds; median (lowest to highest).\n"]
    for kind, title in (("parallel", "Parallel requests, written tokens/s over the whole run"),
                        ("choices", "One request with n choices, written tokens/s over the whole run")):
        rows = []
        for width in WIDTHS:
            rate = {name: [run["rate"] for run in results[kind][f"{name}/{width}"]]
                    for name in ("melete", "llama-server", "llama-batched-bench")}
            ours = statistics.median(rate["melete"])
            rows.append([str(width)] + [spread(rate[name]) for name in rate] +
                        [f"{ours / statistics.median(rate['llama-server']):.2f}",
                         f"{ours / statistics.median(rate['llama-batched-bench']):.2f}"])
        report.append(table(title, ["N", "melete", "llama-server", "llama-batched-bench", "to llama-server",
                                    "to batched-bench"], rows))
    rows = [[str(width)] + [spread([run["first"] for run in results["parallel"][f"{name}/{width}"]])
                            for name in ("melete", "llama-server")] for width in WIDTHS]
    report.append(table("Time to first token of parallel requests, seconds", ["N", "melete", "llama-server"], rows))
    rows = []
    for name, turns in results["follow_up"].items():
        ratio = statistics.median(turn["follow_up"] / turn["alone"] for turn in turns)
        rows.append([name, str(turns[0]["prompt"])] +
                    [f"{statistics.median(turn[kind] for turn in turns):.2f}" for kind in ("follow_up", "alone")] +
                    [f"{ratio:.2f}"])
    report.append(table("Time to first token of a conversation's next turn, seconds",
                        ["server", "prompt tokens", "next turn", "its new tokens alone", "ratio"], rows))
    rows = [[name, f"{memory['resident']:.0f}", f"{memory['peak']:.0f}"]
            for name, memory in results["memory"].items()]
    report.append(table("Memory after the run, MiB", ["server", "resident", "peak"], rows))
    text = "\n".join(report)
    (options.output / "serving.json").write_text(json.dumps(results, indent=1))
    (options.output / "serving.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
