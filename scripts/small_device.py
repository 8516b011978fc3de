#!/usr/bin/env python3
"""Has a program answer by melete-nano from text, a picture and a sound: small_device.py PROGRAM...

Fails where an answer is wrong, or where it takes more than 150 MB of memory (with an emulator's own, where there is
one). PROGRAM is `melete`, or what runs it.
"""

import os
import subprocess
import sys
import time

MEMORY_LIMIT = 150e6  # bytes
DIGITS = "tests/engine/digits"
QUESTIONS = [(["What is 17 + 25?"], "42"),
             (["--image", f"{DIGITS}/written_2_1.png", "Which digit is written?"], "2"),
             (["--audio", f"{DIGITS}/heard_2_1.wav", "Which digit is spoken?"], "2")]


def ask(program, question):
    """What it prints, the most memory that it had at once in bytes, and seconds."""
    began = time.monotonic()
    command = program + ["ask", "--model", "melete-nano", "--temperature", "0"] + question
    asking = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    text = asking.stdout.read()
    _, status, usage = os.wait4(asking.pid, 0)
    if status:
        sys.exit(f"{' '.join(question)}: the program ended with status {os.waitstatus_to_exitcode(status)}")
    return text.strip(), usage.ru_maxrss * 1024, time.monotonic() - began


def main():
    failed = False
    for question, answer in QUESTIONS:
        text, memory, seconds = ask(sys.argv[1:], question)
        good = text.endswith(answer) and memory <= MEMORY_LIMIT
        failed = failed or not good
        verdict = "" if good else ": NOT as wanted"
        print(f"{question[-1]} {text!r} in {seconds:.1f} s with {memory / 1e6:.0f} MB{verdict}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
