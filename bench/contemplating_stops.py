#!/usr/bin/env python3
"""What recorded trials of Contemplating had been, if fewer finished chains had been enough and none had been merged.

Usage: contemplating_stops.py TRIALS.jsonl[.gz]; the first arm is one chain, the last one the agents. When each chain
finished was recorded, up to the six of eight votes with which the recorded rule was content.
"""

import collections
import gzip
import json
import statistics
import sys

MOST = 6  # finished chains, after which the recorded rule ended the others


def read_trials(path):
    with gzip.open(path, "rt") if path.endswith(".gz") else open(path) as file:
        return [json.loads(line) for line in file]


def same(answer):
    return answer.strip().lower().rstrip(".")


def vote(chains):
    """The most certain chain of the leading answers; of all where there is no answer."""
    votes = collections.Counter(same(chain["answer"]) for chain in chains if chain["answer"])
    most = max(votes.values(), default=0)
    leading = [chain for chain in chains if votes.get(same(chain["answer"]), 0) == most]
    return max(leading, key=lambda chain: -9 if chain["certainty"] is None else chain["certainty"])


def stopped_at(trial, enough):
    """Seconds and whether the answer is right, had `enough` finished chains been enough.

    Where fewer finished, the trial was decided before, or took what it took.
    """
    finished = sorted((c for c in trial["chains"] if c["ended"] == "finished"), key=lambda c: c["seconds"])
    taken = finished[:enough]
    if not any(chain["answer"] for chain in taken):
        return trial["seconds"], trial["right"]
    seconds = taken[-1]["seconds"] if len(taken) == enough else trial["seconds"]
    return seconds, vote(taken)["right"]


def main():
    trials = read_trials(sys.argv[1])
    arms = list(dict.fromkeys(trial["arm"] for trial in trials))
    alone = {(t["set"], t["item"]): t for t in trials if t["arm"] == arms[0]}
    agents = [t for t in trials if t["arm"] == arms[-1] and (t["set"], t["item"]) in alone]
    print("| enough | right % | to one chain, median | seconds p50 |\n|---|---|---|---|")
    for enough in range(3, 1 + MOST):
        outcomes = [stopped_at(trial, enough) for trial in agents]
        ratios = [seconds / alone[t["set"], t["item"]]["seconds"] for t, (seconds, _) in zip(agents, outcomes)]
        right = 100 * statistics.mean(right for _, right in outcomes)
        seconds = statistics.median(seconds for seconds, _ in outcomes)
        print(f"| {enough} | {right:.1f} | {statistics.median(ratios):.2f} | {seconds:.1f} |")


if __name__ == "__main__":
    main()
