#!/usr/bin/env python3
"""How much less a model thinks, and how often it is still right, when thought has a price: runs of several seeds.

Every arm goes on from the same model and is measured on held-out questions, easy and hard. Whether thought grew, shrank
and grew again is judged by rules that were written down before any run: see phases(). A study that was cut off goes on.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess

# What an arm's table [price] says.
ARMS = {
    "price": {"arm": "always", "weight": 0.5},
    "higher price": {"arm": "always", "weight": 0.8},
    "price after a plateau": {"arm": "plateau", "weight": 0.5},
    "toggle": {"arm": "toggle"},
    "no price": {"arm": "always", "weight": 0},
    "price subtracted": {"arm": "added", "weight": 0.5},
    "shortest right answer": {"arm": "shortest"},
}


def settings(options, arm, seed, folder):
    lines = [f'folder = "{folder}"', f'start = "{options.start.resolve()}"', f"seed = {seed}",
             f"steps = {options.steps}", f"threads = {max(1, os.cpu_count() // options.jobs)}"]
    price = [f"{key} = {json.dumps(value)}" for key, value in ARMS[arm].items()]
    return "\n".join(lines + [options.shared.read_text(), "[price]"] + price) + "\n"


def run(options, arm, seed):
    """The measures of one run, as lines that name it."""
    folder = (options.output / f"{arm} {seed}".replace(" ", "_")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(settings(options, arm, seed, folder))
    with (folder / "output.txt").open("w") as output:
        ended = subprocess.run([options.program, "reinforce", "--config", folder / "settings.toml"], stdout=output,
                               stderr=subprocess.STDOUT)
    if ended.returncode != 0:
        reason = f"{arm}, seed {seed}: " + ((folder / "output.txt").read_text().splitlines() or ["it says nothing"])[-1]
        # A run that ended itself because it went wrong has measures that count; another is gone on with later.
        if ended.returncode < 0 or not (folder / "held_out.jsonl").exists():
            raise SystemExit(reason)
        print(reason, flush=True)
    measures = [json.loads(line) for line in (folder / "held_out.jsonl").read_text().splitlines()]
    print(f"{arm}, seed {seed}: {told(measures[0])} -> {told(measures[-1])}", flush=True)
    return [{"arm": arm, "seed": seed, **measure} for measure in measures]


def told(measure):
    return f"{100 * measure['right']:.1f} % right with {measure['thinking_tokens']:.1f} tokens of thought"


def study(options):
    """All measures: those that are recorded, and of every run that is not."""
    lines = []
    if options.results.exists():
        lines = [json.loads(line) for line in options.results.read_text().splitlines()]
    known = {(line["arm"], line["seed"]) for line in lines}
    wanted = [(arm, seed) for seed in range(1, options.seeds + 1) for arm in options.arms if (arm, seed) not in known]
    options.results.parent.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool, options.results.open("a") as file:
        for run_lines in pool.map(lambda one: run(options, *one), wanted):
            lines += run_lines
            file.writelines(json.dumps(line) + "\n" for line in run_lines)
            file.flush()
    return [line for line in lines if line["arm"] in options.arms]


def hard(measure):
    """The share of right answers to the harder half of the questions, by difficulty."""
    slices = sorted((int(key), value) for key, value in measure["by_difficulty"].items())
    harder = [value for _, value in slices[len(slices) // 2:]]
    return sum(s["right"] * s["questions"] for s in harder) / max(1, sum(s["questions"] for s in harder))


def phases(measures):
    """Which of the three phases are there: 30 % more tokens and 10 points more right than at first; then 30 % fewer
    tokens than at the peak, within a point; then 10 % more than in the trough, with two points more of hard questions.
    """
    tokens = [measure["thinking_tokens"] for measure in measures]
    peak = max(range(len(tokens)), key=tokens.__getitem__)
    trough = min(range(peak, len(tokens)), key=tokens.__getitem__)
    last = max(range(trough, len(tokens)), key=tokens.__getitem__)
    first = measures[0]
    longer = tokens[peak] >= 1.3 * tokens[0] and measures[peak]["right"] >= first["right"] + 0.1
    shorter = tokens[trough] <= 0.7 * tokens[peak] and measures[trough]["right"] >= measures[peak]["right"] - 0.01
    again = tokens[last] >= 1.1 * tokens[trough] and hard(measures[last]) >= hard(measures[trough]) + 0.02
    return [name for name, there in (("longer", longer), ("shorter", shorter), ("longer again", again)) if there]


def spread(values, digits=1):
    return f"{statistics.mean(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def report(lines):
    runs = {}
    for line in lines:
        runs.setdefault(line["arm"], {}).setdefault(line["seed"], []).append(line)
    print("\n| arm | steps | right before, % | after, % | tokens of thought before | after | fewer, % | phases, by seed |")
    print("|---|---|---|---|---|---|---|---|")
    for arm, seeds in runs.items():
        first, last = [[seed[end] for seed in seeds.values()] for end in (0, -1)]
        right = [spread([100 * measure["right"] for measure in ends]) for ends in (first, last)]
        thought = [spread([measure["thinking_tokens"] for measure in ends]) for ends in (first, last)]
        fewer = ""  # than none there cannot be
        if all(measure["thinking_tokens"] > 0 for measure in first):
            fewer = spread([100 - 100 * b["thinking_tokens"] / a["thinking_tokens"] for a, b in zip(first, last)])
        found = "; ".join(", ".join(phases(seed)) or "none" for seed in seeds.values())
        print(f"| {arm} | {max(m['step'] for m in last)} | {right[0]} | {right[1]} | {thought[0]} | {thought[1]} | {fewer} "
              f"| {found} |")
    for arm, seeds in runs.items():
        report_difficulties(arm, list(seeds.values()))


def report_difficulties(arm, seeds):
    print(f"\n{arm}, over the steps; of each difficulty: right, % (tokens of thought), means over the seeds\n")
    difficulties = sorted(set(key for seed in seeds for key in seed[0]["by_difficulty"]), key=int)
    print("| step | all | " + " | ".join(difficulties) + " |\n|---|---|" + "---|" * len(difficulties))
    for step in sorted(set(measure["step"] for seed in seeds for measure in seed)):
        at = [measure for seed in seeds for measure in seed if measure["step"] == step]
        slices = [at] + [[m["by_difficulty"][key] for m in at if key in m["by_difficulty"]] for key in difficulties]
        cells = [f"{100 * statistics.mean(m['right'] for m in of_slice):.1f} "
                 f"({statistics.mean(m['thinking_tokens'] for m in of_slice):.1f})" for of_slice in slices]
        print(f"| {step} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default="build/train/train/melete-train")
    parser.add_argument("--start", type=pathlib.Path, default=pathlib.Path("build/nano/talkative"),
                        help="a run, or a model's two files")
    parser.add_argument("--shared", type=pathlib.Path, default=pathlib.Path("bench/training/compression.toml"))
    parser.add_argument("--arms", type=lambda text: text.split(","), default=list(ARMS), help="of: " + ", ".join(ARMS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=160)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs side by side, which share the cores")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("build/bench/compression"))
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("build/bench/compression.jsonl"))
    options = parser.parse_args()
    unknown = [arm for arm in options.arms if arm not in ARMS]
    if unknown:
        parser.error(f"there is no arm {unknown[0]}: choose among {', '.join(ARMS)}")
    report(study(options))


if __name__ == "__main__":
    main()
