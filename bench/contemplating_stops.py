#!/usr/bin/env python3
"""What recorded trials of Contemplating had been, if other numbers of finished chains had been enough and none merged.

Usage: contemplating_stops.py TRIALS.jsonl[.gz]; the first arm is one chain, the last one the agents. When each chain
finished was recorded, up to the six of eight votes with which the recorded rule was content.
"""

import collections
import gzip
import json
import statistics
import sys

# Finished chains that are enough where one answer leads, and where none does; the recorded rule ended all after six.
RULES = [(3, 3), (4, 4), (5, 5), (6, 6), (2, 6), (3, 6), (4, 6), (3, 5)]


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


def one_leads(chains):
    """Whether an answer has two votes or more, and more than any other."""
    votes = collections.Counter(same(chain["answer"]) for chain in chains if chain["answer"])
    (most, second) = ([count for _, count in votes.most_common(2)] + [0, 0])[:2]
    return most >= 2 and most > second


def stopped_at(trial, enough_with_leader, enough):
    """Seconds and whether the answer is right, had so many finished chains been enough.

    Where fewer finished, the trial was decided before, or took what it took.
    """
    finished = sorted((c for c in trial["chains"] if c["ended"] == "finished"), key=lambda c: c["seconds"])
    for count in range(1, 1 + len(finished)):
        taken = finished[:count]
        if count >= (enough_with_leader if one_leads(taken) else enough) and any(c["answer"] for c in taken):
            return taken[-1]["seconds"], vote(taken)["right"]
    answered = any(chain["answer"] for chain in finished)
    return trial["seconds"], vote(finished)["right"] if answered else trial["right"]


def main():
    trials = read_trials(sys.argv[1])
    arms = list(dict.fromkeys(trial["arm"] for trial in trials))
    alone = {(t["set"], t["item"]): t for t in trials if t["arm"] == arms[0]}
    agents = [t for t in trials if t["arm"] == arms[-1] and (t["set"], t["item"]) in alone]
    print("| enough with a leader | without | right % | to one chain, median | seconds p50 |\n|---|---|---|---|---|")
    for with_leader, enough in RULES:
        outcomes = [stopped_at(trial, with_leader, enough) for trial in agents]
        ratios = [seconds / alone[t["set"], t["item"]]["seconds"] for t, (seconds, _) in zip(agents, outcomes)]
        right = 100 * statistics.mean(right for _, right in outcomes)
        seconds = statistics.median(seconds for seconds, _ in outcomes)
        print(f"| {with_leader} | {enough} | {right:.1f} | {statistics.median(ratios):.2f} | {seconds:.1f} |")


if __name__ == "__main__":
    main()
