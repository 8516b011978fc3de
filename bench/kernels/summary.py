#!/usr/bin/env python3
"""One table for each model from the rounds of bench/kernels/run.sh: medians over the rounds, and what they spread over.

A step in milliseconds for N sequences, its ratio to one sequence's, and tokens/s of the prefill.
"""

import json
import pathlib
import re
import statistics
import sys


def rounds_of(folder, model):
    """By arm, a list of rounds: step milliseconds by N, and the prefill's tokens/s under 0."""
    arms = {}
    for file in sorted(folder.glob(f"steps-{model}-*.json")):
        for arm in json.loads(file.read_text()):
            figures = {int(count): time for count, time in arm["step_ms"].items()}
            figures[0] = 1000 * arm["prefill_tokens"] / arm["prefill_ms"]
            arms.setdefault(arm["arm"], []).append(figures)
    for file in sorted(folder.glob(f"ik-{model}-*.log")):
        figures = {}
        for line in file.read_text().splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) < 10 or not re.fullmatch(r"\d+", cells[0]):
                continue
            written, count, prefill, seconds = int(cells[1]), int(cells[2]), float(cells[5]), float(cells[6])
            figures[count] = 1000 * seconds / written
            figures.setdefault(0, prefill)
        if figures:
            arms.setdefault("ik_llama.cpp", []).append(figures)
    return arms


def main():
    folder = pathlib.Path(sys.argv[1])
    models = sorted({re.sub(r"^steps-|-\d+$", "", file.stem) for file in folder.glob("steps-*.json")})
    for model in models:
        arms = rounds_of(folder, model)
        counts = sorted(count for count in arms["melete"][0] if count > 0)
        print(f"\n| {model} | " + " | ".join(f"N={count}" for count in counts) + " | prefill |")
        print("|" + "---|" * (len(counts) + 2))
        medians = {}
        for arm, rounds in arms.items():
            medians[arm] = {key: statistics.median(figures[key] for figures in rounds) for key in rounds[0]}
            cells = []
            for count in counts:
                times = [figures[count] for figures in rounds]
                ratio = medians[arm][count] / medians[arm][counts[0]]
                cells.append(f"{medians[arm][count]:.1f} ({min(times):.1f} to {max(times):.1f}; {ratio:.2f})")
            rates = [figures[0] for figures in rounds]
            cells.append(f"{medians[arm][0]:.0f}/s ({min(rates):.0f} to {max(rates):.0f})")
            print(f"| {arm} | " + " | ".join(cells) + " |")
        for arm in arms:
            if arm == "melete":
                continue
            faster = [f"{medians[arm][count] / medians['melete'][count]:.2f}" for count in counts]
            faster.append(f"{medians['melete'][0] / medians[arm][0]:.2f}")
            print(f"| melete, times {arm} | " + " | ".join(faster) + " |")


if __name__ == "__main__":
    main()
