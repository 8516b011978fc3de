#!/usr/bin/env python3
"""How much compute our recipe of pretraining saves: losses on held-out data at several budgets, beside GPT-2's recipe.

Both models have size S, and as many multiplications for a token. Each recipe's learning rate is tuned by as many
trials, at one budget; GPT-2's is also run with the rate that is usual. What GPT-2's recipe needs to reach our loss is
read off between its own budgets. Runs are kept in a file, and a study that was cut off goes on.
"""

import argparse
import json
import math
import pathlib
import statistics
import subprocess

OURS, PLAIN = "melete", "gpt2"
ABLATIONS = ["melete without muon", "melete without head norms", "melete without decay"]
TRIALS = {OURS: [0.25, 0.5, 1, 2, 4], PLAIN: [0.0003, 0.001, 0.003, 0.01, 0.03]}
USUAL_RATE = 0.0006  # of the smallest GPT-2


class Study:
    def __init__(self, options):
        self.options = options
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
        if wanted not in self.known:
            command = [self.options.program, "--recipe", recipe, "--tokens", str(tokens), "--rate", str(rate), "--seed",
                       str(seed), "--data", self.options.data, "--held-out", self.options.held_out or self.options.data]
            run = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            self.options.results.parent.mkdir(parents=True, exist_ok=True)
            with self.options.results.open("a") as file:
                file.write(json.dumps(run) + "\n")
            self.known[wanted] = run
            print(f"{recipe}, {tokens:,} tokens, rate {rate}, seed {seed}: {run['loss']:.4f} in {run['seconds']:.0f} s",
                  flush=True)
        return self.known[wanted]

    def best_rate(self, recipe):
        """The rate of the trial that ends lowest; each has the same budget and a seed of its own kind."""
        tokens = self.options.budgets[len(self.options.budgets) // 2]
        trials = {rate: self.run(recipe, tokens, rate, 0)["loss"] for rate in TRIALS[recipe]}
        return min(trials, key=trials.get)

    def losses(self, recipe, tokens, rate):
        return [self.run(recipe, tokens, rate, seed)[self.options.figure] for seed in range(1, self.options.seeds + 1)]


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
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("build/bench/recipes.jsonl"))
    options = parser.parse_args()
    study = Study(options)
    rates = {recipe: study.best_rate(recipe) for recipe in TRIALS}
    longer = options.budgets + [options.budgets[-1] << (i + 1) for i in range(options.more)]
    ours = [study.losses(OURS, tokens, rates[OURS]) for tokens in options.budgets]
    tuned = [study.losses(PLAIN, tokens, rates[PLAIN]) for tokens in longer]
    usual = [study.losses(PLAIN, tokens, USUAL_RATE) for tokens in longer]

    print(f"\nrates: {rates[OURS]} times our defaults; GPT-2's recipe {rates[PLAIN]}, usual {USUAL_RATE}\n")
    print("| tokens | melete | GPT-2's recipe, tuned | usual rate | compute that saves, tuned | usual |")
    print("|---|---|---|---|---|---|")
    for number, tokens in enumerate(longer):
        cells = [f"{tokens:,}", told(ours[number]) if number < len(ours) else "", told(tuned[number]), told(usual[number])]
        for curve in (tuned, usual) if number < len(ours) else ():
            reached = needed(statistics.mean(ours[number]), longer, [statistics.mean(losses) for losses in curve])
            cells.append(f"{reached / tokens:.1f}" if reached else f"over {longer[-1] / tokens:.0f}")
        print("| " + " | ".join(cells + [""] * (6 - len(cells))) + " |")
    print(f"\n| at {options.budgets[-1]:,} tokens | loss |\n|---|---|")
    for recipe in [OURS] + ABLATIONS:
        print(f"| {recipe} | {told(study.losses(recipe, options.budgets[-1], rates[OURS]))} |")


if __name__ == "__main__":
    main()
