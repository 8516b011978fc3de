#!/usr/bin/env python3
"""Needles in a haystack: does a long prompt stay readable to its last token, and what does it cost?

A haystack of made-up sentences is cut to the asked number of tokens. At each depth lies a needle, the pass
number of a town, and each is asked for by a question at the end. Depth 0 is the first sentence, 100 the last. By
default all needles lie in one haystack: the questions share all of their prompt but its end, and the server reads
it once. `--apart` makes one haystack for each needle, which share only what comes before the first of their needles.
Prefixes that the server remembers are not read again; the column "cached" says how many tokens those are.
"""

import argparse
import asyncio
import json
import pathlib
import random
import urllib.request

from servers import Server, machine
from stream_client import ask_all

TOWNS = ["Avila", "Bergen", "Cadiz", "Dover", "Evora", "Faro", "Ghent", "Huesca", "Imola", "Jena", "Kotor", "Lugo",
         "Mainz", "Narvik", "Odense", "Parma", "Rouen", "Siena", "Turku", "Ulm"]
WORDS = {
    "who": ["a miller", "the ferryman", "an old teacher", "two sisters", "the baker", "a shepherd", "the clerk"],
    "did": ["carried", "sold", "counted", "painted", "repaired", "hid", "borrowed", "measured"],
    "what": ["baskets", "lanterns", "copper pots", "letters", "ropes", "wooden chairs", "maps", "blankets"],
    "where": ["by the harbour", "behind the church", "near the bridge", "on the market", "at the mill",
              "in the orchard"],
    "when": ["before the rain", "at noon", "in late autumn", "after the feast", "on a cold morning", "at dusk"],
}
ANSWER_TOKENS = 16
SLACK = 64  # tokens of the question and the template, which the haystack leaves free


def sentences(count):
    """The same for every run; `count` of them."""
    chance = random.Random(1)
    lines = []
    for number in range(count):
        word = {kind: chance.choice(choices) for kind, choices in WORDS.items()}
        lines.append(f"{number + 1}. {word['when'].capitalize()}, {word['who']} {word['did']} {chance.randint(2, 99)} "
                     f"{word['what']} {word['where']}.")
    return lines


def needles(count):
    """(depth in percent, town, number), spread evenly from the first sentence to the last."""
    chance = random.Random(2)
    return [(round(100 * index / max(1, count - 1)), TOWNS[index], chance.randint(100_000, 999_999))
            for index in range(count)]


def haystack(lines, hidden):
    """One text with the needles between its sentences; what is deepest is put in first, so that places stay true."""
    text = list(lines)
    for depth, town, number in sorted(hidden, reverse=True):
        text.insert(len(lines) * depth // 100, f"The pass number of {town} is {number}.")
    return "\n".join(text)


def question(text, town):
    wish = f"What is the pass number of {town}? Answer with the number alone."
    return [{"role": "user", "content": f"Read these notes.\n\n{text}\n\n{wish}"}]


def count_tokens(server, messages):
    body = json.dumps({"model": server.model(), "input": messages}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/v1/responses/input_tokens", body,
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)["input_tokens"]


def fitting_lines(server, tokens, hidden):
    """As many sentences as fill the prompt to `tokens`, to within one sentence."""
    def prompt(count):
        return count_tokens(server, question(haystack(sentences(count), hidden), TOWNS[0]))

    low, high = 0, tokens
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if prompt(middle) <= tokens else (low, middle)
    return sentences(low)


def ask(server, text, town):
    request = {"messages": question(text, town), "max_tokens": ANSWER_TOKENS, "temperature": 0, "model": server.model()}
    replies, seconds = asyncio.run(ask_all(server.port, [request]))
    if replies[0].error or not replies[0].first:
        raise RuntimeError(f"no answer about {town}: {replies[0]}")
    return replies[0], seconds


def search(server, lines, hidden, apart):
    """One row for each needle."""
    rows = []
    for depth, town, number in hidden:
        reply, seconds = ask(server, haystack(lines, [(depth, town, number)] if apart else hidden), town)
        usage = reply.usage
        cached = usage["prompt_tokens_details"]["cached_tokens"]
        read = usage["prompt_tokens"] - cached
        rows.append({"depth": depth, "found": str(number) in reply.texts[0].replace(",", ""),
                     "prompt": usage["prompt_tokens"], "cached": cached, "first": reply.first, "seconds": seconds,
                     "rate": read / reply.first, "answer": reply.texts[0].strip()})
        print(f"depth {depth} %: {'found' if rows[-1]['found'] else 'missed'}, {read} tokens read in "
              f"{reply.first:.1f} s", flush=True)
    return rows


def report(results):
    rows = results["rows"]
    longest = max(rows, key=lambda row: row["prompt"] - row["cached"])
    found, seconds = sum(row["found"] for row in rows), sum(row["seconds"] for row in rows)
    columns = ["depth %", "found", "prompt tokens", "cached", "first token s", "read tokens/s"]
    lines = [f"Machine: {results['machine']}. Model: {results['model']}, cache {results['cache']}, "
             f"{'a haystack for each needle' if results['apart'] else 'all needles in one haystack'}.", "",
             f"{found} of {len(rows)} needles found in {longest['prompt']} tokens. The longest reading took "
             f"{longest['first']:.1f} s, {longest['rate']:.0f} tokens/s; all questions {seconds:.1f} s. Peak resident "
             f"memory {results['peak']:.0f} MiB, after loading {results['loaded']:.0f} MiB.", "",
             "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += [f"| {row['depth']} | {'yes' if row['found'] else 'no'} | {row['prompt']} | {row['cached']} | "
              f"{row['first']:.2f} | {row['rate']:.0f} |" for row in rows]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--melete", required=True)
    parser.add_argument("--model", required=True, help="a GGUF file")
    parser.add_argument("--tokens", type=int, default=32768, help="of the whole prompt and answer")
    parser.add_argument("--depths", type=int, default=10, help=f"needles, at most {len(TOWNS)}")
    parser.add_argument("--cache-type", default="q8_0", choices=["f16", "q8_0"])
    parser.add_argument("--apart", action="store_true", help="one haystack for each needle")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("build/bench"))
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    hidden = needles(min(options.depths, len(TOWNS)))

    # No turn follows a question, and reading ahead would go on into the next one's time.
    server = Server("melete", [options.melete, "serve", "--model", options.model, "--port", "{port}", "--context",
                               str(options.tokens), "--cache-type", options.cache_type, "--sequences", "1",
                               "--rope-scaling", "yarn", "--no-read-ahead"], options.output / "needles.log")
    with server:
        results = {"machine": machine(), "model": pathlib.Path(options.model).name, "cache": options.cache_type,
                   "apart": options.apart, "loaded": server.memory()}
        lines = fitting_lines(server, options.tokens - SLACK, hidden)
        results["rows"] = search(server, lines, hidden, options.apart)
        results["peak"] = server.memory("VmHWM")
    name = f"needles-{pathlib.Path(options.model).stem}-{options.tokens}{'-apart' if options.apart else ''}"
    (options.output / f"{name}.json").write_text(json.dumps(results, indent=1))
    (options.output / f"{name}.md").write_text(report(results))
    print(report(results))


if __name__ == "__main__":
    main()
