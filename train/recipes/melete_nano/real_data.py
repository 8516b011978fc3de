#!/usr/bin/env python3
"""Divides the real digits into those that melete-nano learns from and those that it is examined by.

Spoken ones by speaker, handwritten ones by their place in the file. Writes under OUTPUT what the recipe beside this file
names: digits.csv and spoken/ to learn from; to examine by written.jsonl and heard.jsonl with their pictures and clips, as
`melete-train examine` reads them, and the same for `melete eval` in written_items.jsonl and heard_items.jsonl.
"""

import argparse
import csv
import json
import pathlib
import struct
import zlib

SIDE = 8  # of a handwritten digit's grid
MOST_INK = 16
HELD_OUT_ROWS = 200  # the last of the handwritten file


def png(width, height, grey):
    """A picture of one byte a pixel, as a file's bytes."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + grey[row * width:(row + 1) * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def enlarged(ink, scale):
    """Each value of the grid as a square of `scale` pixels."""
    side = SIDE * scale
    return bytes(round(255 * ink[y // scale * SIDE + x // scale] / MOST_INK) for y in range(side) for x in range(side))


class Exam:
    """Questions in both forms."""

    def __init__(self, output, name):
        self.conversations = open(output / f"{name}.jsonl", "w", encoding="utf-8")
        self.items = open(output / f"{name}_items.jsonl", "w", encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.conversations.close()
        self.items.close()

    def add(self, kind, file, text, answer):
        content = [{"type": kind, kind: file}, {"type": "text", "text": text}]
        talk = [{"role": "user", "content": content}, {"role": "assistant", "content": f"Answer: {answer}"}]
        self.conversations.write(json.dumps({"messages": talk}) + "\n")
        self.items.write(json.dumps({"question": text, "answer": str(answer), kind: file}) + "\n")


def divide_written(source, output):
    header, *rows = (source / "digits.csv").read_text().splitlines()
    (output / "digits.csv").write_text("\n".join([header, *rows[:-HELD_OUT_ROWS]]) + "\n")
    (output / "written").mkdir(exist_ok=True)
    with Exam(output, "written") as exam:
        for number, row in enumerate(rows[-HELD_OUT_ROWS:]):
            label, *ink = map(int, row.split(","))
            file = f"written/{number}.png"
            (output / file).write_bytes(png(SIDE * 16, SIDE * 16, enlarged(ink, 16)))
            exam.add("image", file, "Which digit is written?", label)


def divide_spoken(source, output, speaker):
    (output / "spoken").mkdir(exist_ok=True)
    for link in (output / "spoken" / "wav", output / "wav"):
        link.unlink(missing_ok=True)
        link.symlink_to((source / "wav").resolve())
    with (open(source / "index.csv", newline="", encoding="utf-8") as index,
          open(output / "spoken" / "index.csv", "w", newline="", encoding="utf-8") as learnt,
          Exam(output, "heard") as exam):
        clips = csv.DictReader(index)
        kept = csv.DictWriter(learnt, clips.fieldnames, lineterminator="\n")
        kept.writeheader()
        for clip in clips:
            if clip["speaker"] == speaker:
                exam.add("audio", clip["file"], "Which digit is spoken?", clip["digit"])
            else:
                kept.writerow(clip)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True,
                        help="folder with spoken-digits and handwritten-digits")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--speaker", default="nicolas", help="who is left out of what is learnt")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    divide_written(options.data / "handwritten-digits", options.output)
    divide_spoken(options.data / "spoken-digits", options.output, options.speaker)


if __name__ == "__main__":
    main()
