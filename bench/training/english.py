#!/usr/bin/env python3
"""English for bench/training/recipes.py: GSM8K's training questions with their solutions, a tenth of them held out.

Usage: english.py TRAIN.jsonl FOLDER [--without FILE.jsonl ...]. Questions of the files behind --without are left out.
Writes learn.jsonl, held_out.jsonl and, for each, the settings that name it.
"""

import argparse
import json
import pathlib
import re


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def text_of(question):
    """As people would write it: without the marks for a calculator."""
    return question["question"].strip() + "\n" + re.sub(r"<<.*?>>", "", question["answer"]).replace("####", "Answer:")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--without", type=pathlib.Path, nargs="*", default=[])
    options = parser.parse_args()
    known = {line["question"].strip() for path in options.without for line in read(path)}
    texts = [text_of(question) for question in read(options.train) if question["question"].strip() not in known]
    parts = {"held_out": texts[::10], "learn": [text for i, text in enumerate(texts) if i % 10]}
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, chosen in parts.items():
        lines = "".join(json.dumps({"text": text}) + "\n" for text in chosen)
        (options.folder / f"{name}.jsonl").write_text(lines)
        (options.folder / f"{name}.toml").write_text(f'[files]\nenglish = {{path = "{name}.jsonl"}}\n')
        print(f"{name}: {len(chosen)} texts, {sum(len(text.encode()) for text in chosen):,} bytes")


if __name__ == "__main__":
    main()
