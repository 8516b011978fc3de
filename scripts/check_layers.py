#!/usr/bin/env python3
"""Checks that every folder includes only what its layer may use.

The table is the one of docs/architecture.md. Usage: check_layers.py [ROOT]; prints each offending line and
ends with status 1 when there is one.
"""

import re
import sys
from pathlib import Path

LAYERS = {
    "base": "",
    "net": "base",
    "chat": "base",
    "media": "base",
    "store": "base chat",
    "runs": "base chat store",
    "models": "base net",
    "jobs": "base models",
    "engine": "base chat media models",
    "providers": "base net chat",
    "modes": "base chat",
    "tools": "base net chat media store",
    "gateway": "base net chat store providers",
    "eval": "base chat modes tools store",
    "api": "base chat media store runs jobs modes tools gateway",
    "server": "base net chat runs jobs api gateway",
    "cli": "base net chat media store runs models jobs engine providers modes tools gateway eval api server",
}
TRAIN = "base chat models engine eval"

# Libraries that belong to some folders only: a pattern of the header, and the folders that may include it.
LLAMA_HEADERS = (
    r"(llama[-a-z]*|ggml[-a-z]*|gguf|mtmd[-a-z]*)\.h"
    r"|(common|chat|sampling|arg|log|speculative|json-schema-to-grammar|reasoning-budget|jinja/.*)\.h(pp)?"
)
LIBRARIES = [
    (LLAMA_HEADERS, ("src/engine", "tests/engine", "bench", "train/gguf", "tests/train/gguf")),
    (r"boost/beast.*", ("src/net", "src/server", "tests/net", "tests/server")),
    (
        r"boost/asio.*",
        ("src/chat", "src/net", "src/store", "src/runs", "src/engine", "src/providers", "src/modes",
         "src/tools", "src/gateway", "src/eval", "src/api", "src/server", "src/cli", "tests", "bench"),
    ),
    (r"soci/.*|sqlite3\.h", ("src/store", "tests/store")),
    (r"(torch|ATen|c10)/.*", ("train", "tests/train", "bench/training")),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def allowed_layers(path):
    """The layers that a file may include, or None where no table applies."""
    folder, name = path.parts[0], path.parts[1]
    if folder == "train":
        return set(TRAIN.split())
    if folder != "src" or len(path.parts) < 3:
        return None
    if name not in LAYERS:
        return set()
    return {name, *LAYERS[name].split()}


def complaint(path, header):
    """Why `path` may not include `header`, or None when it may."""
    layer = header.split("/")[0] if "/" in header else ""
    allowed = allowed_layers(path)
    if layer in LAYERS and allowed is not None and layer not in allowed:
        return f"{path.parts[0]}/{path.parts[1]} may not use {layer}"
    if layer in LAYERS:
        return None
    for pattern, homes in LIBRARIES:
        if re.fullmatch(pattern, header) and not any(path.is_relative_to(home) for home in homes):
            return "only these may include it: " + ", ".join(homes)
    return None


def check(root):
    """All offending lines below `root`, and the number of files read."""
    found, files = [], 0
    for folder in ("src", "train", "tests", "bench"):
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in (".h", ".cc"):
                continue
            files += 1
            path = file.relative_to(root)
            for number, line in enumerate(file.read_text().splitlines(), 1):
                include = INCLUDE.match(line)
                why = complaint(path, include.group(1)) if include else None
                if why:
                    found.append(f"{path}:{number}: {line.strip()}: {why}")
    return found, files


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    found, files = check(root)
    print("\n".join(found) if found else f"layers: {files} files")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
