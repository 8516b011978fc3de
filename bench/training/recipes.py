#!/usr/bin/env python3
"""How much compute our recipe of pretraining saves: losses on held-out data at several budgets, beside GPT-2's recipe.

Both models have size S, and as many multiplications for a token. Each recipe's learning rate is tuned by as many
trials, at one budget; GPT-2's is also run with the rate that is usual. What GPT-2's recipe needs to reach our loss is
read off between its own budgets. Runs are kept in a file, and a study that was cut off goes on.
"""

import argparse
import concurrent.futures
import json
import math
import os
import pathlib
import statistics
import subprocess
import threading

OURS, PLAIN = "melete", "gpt2"
ABLATIONS = ["melete without muon", "melete without head norms", "melete without decay"]
TRIALS = {OURS: [0.25, 0.5, 1, 2, 4], PLAIN: [0.0003, 0.001, 0.003, 0.01, 0.03]}
USUAL_RATE = 0.0006  # of the smallest GPT-2


class Study:
    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()  # guards what follows and the file
        self.known = {}
        if options.results.exists():
            for line in options.results.read_text().splitlines():
                run = json.loads(line)
                self.known[self.key(run)] = run

    @staticmethod
    def key(run):
        return run["recipe"], run["tokens"], run["rate"], run["seed"]

    def run(self, recipe, tokens, rate, seed):
        """One run, or what is known of it."""
        wanted = self.key({"recipe": recipe, "tokens": tokens, "rate": rate, "seed": seed})
        with self.lock:
            if wanted in self.known:
                return self.known[wanted]
        command = [self.options.program, "--recipe", recipe, "--tokens", str(tokens), "--rate", str(rate), "--seed",
                   str(seed), "--data", self.options.data, "--held-out", self.options.held_out or self.options.data,
                   "--threads", str(max(1, os.cpu_count() // self.options.jobs))]
        run = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        with self.lock:
            self.options.results.parent.mkdir(parents=True, exist_ok=True)
            with self.options.results.open("a") as file:
                file.write(json.dumps(run) + "\n")
            self.known[wanted] = run
            print(f"{recipe}, {tokens:,} tokens, rate {rate}, seed {seed}: {run[self.options.figure]:.4f} in "
                  f"{run['seconds']:.0f} s", flush=True)
        return run

    def run_all(self, runs):
        """Several runs side by side, in their order."""
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            return list(pool.map(lambda run: self.run(*run), runs))

    def best_rates(self):
        """Of each recipe the rate of the trial that ends lowest; all have the same budget and seed."""
        tokens = self.options.budgets[len(self.options.budgets) // 2]
        trials = self.run_all([(recipe, tokens, rate, 0) for recipe in TRIALS for rate in TRIALS[recipe]])
        return {recipe: min((run for run in trials if run["recipe"] == recipe),
                            key=lambda run: run[self.options.figure])["rate"] for recipe in TRIALS}

    def figures(self, recipe, budgets, rate):
        """For each budget what the seeds reach."""
        seeds = range(1, self.options.seeds + 1)
        runs = self.run_all([(recipe, tokens, rate, seed) for tokens in budgets for seed in seeds])
        return [[run[self.options.figure] for run in runs if run["tokens"] == tokens] for tokens in budgets]


def needed(loss, budgets, losses):
    """Tokens at which a falling curve reaches a loss, straight between logarithms; None where it does not."""
    for (low, above), (high, below) in zip(zip(budgets, losses), list(zip(budgets, losses))[1:]):
        if above >= loss >= below:
            share = (above - loss) / (above - below) if above > below else 0
            return math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
    return None


def told(values):
    return f"{statistics.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default="build/train/bench/training/bench_recipe")
    parser.add_argument("--data", default="bench/training/recipes.toml")
    parser.add_argument("--held-out", help="settings of other data; else the same tasks with other seeds")
    parser.add_argument("--figure", default="loss", choices=["loss", "bits_per_byte"])
    parser.add_argument("--budgets", type=lambda text: [int(part) for part in text.split(",")],
                        default=[1 << 19, 1 << 20, 1 << 21, 1 << 22], help="tokens of our runs")
    parser.add_argument("--more", type=int, default=3, help="how often GPT-2's recipe gets twice the largest budget")
    parser.add_argument("--usual-more", type=int, help="the same with the usual rate; else as often")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs side by side, which share the cores")
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("build/bench/recipes.jsonl"))
    options = parser.parse_args()
    study = Study(options)
    rates = study.best_rates()
    usual_more = options.more if options.usual_more is None else options.usual_more
    longer = options.budgets + [options.budgets[-1] << (i + 1) for i in range(max(options.more, usual_more))]
    longer_tuned, longer_usual = (longer[:len(options.budgets) + more] for more in (options.more, usual_more))
    ours = study.figures(OURS, options.budgets, rates[OURS])
    tuned = study.figures(PLAIN, longer_tuned, rates[PLAIN])
    usual = study.figures(PLAIN, longer_usual, USUAL_RATE)
    parts = {recipe: study.figures(recipe, options.budgets[-1:], rates[OURS])[0] for recipe in [OURS] + ABLATIONS}

    print(f"\nrates: {rates[OURS]} times our defaults; GPT-2's recipe {rates[PLAIN]}, usual {USUAL_RATE}\n")
    print("| tokens | melete | GPT-2's recipe, tuned | usual rate | compute that saves, tuned | usual |")
    print("|---|---|---|---|---|---|")
    for number, tokens in enumerate(longer):
        cells = [f"{tokens:,}"] + [told(curve[number]) if number < len(curve) else "" for curve in (ours, tuned, usual)]
        for curve in (tuned, usual) if number < len(ours) else ():
            budgets = longer[:len(curve)]
            reached = needed(statistics.mean(ours[number]), budgets, [statistics.mean(losses) for losses in curve])
            cells.append(f"{reached / tokens:.1f}" if reached else f"over {budgets[-1] / tokens:.0f}")
        print("| " + " | ".join(cells + [""] * (6 - len(cells))) + " |")
    print(f"\n| at {options.budgets[-1]:,} tokens | {options.figure} |\n|---|---|")
    for recipe, losses in parts.items():
        print(f"| {recipe} | {told(losses)} |")


if __name__ == "__main__":
    main()
