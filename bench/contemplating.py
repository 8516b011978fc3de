#!/usr/bin/env python3
"""Contemplating beside one chain and beside llama-server: accuracy, seconds and tokens, by `melete eval`.

Starts the servers that the arms name with the same model file, with room for the same number of answers, and asks them
through their public APIs; optillm is a proxy before llama-server. A run that was cut off goes on where it stopped.
"""

import argparse
import contextlib
import pathlib
import subprocess
import tomllib

from servers import Server

CONTEXT = 16384  # cells of both pools


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--melete", required=True)
    parser.add_argument("--peers", required=True, help="folder with bin/llama-server and optillm")
    parser.add_argument("--model", required=True, help="a GGUF file")
    parser.add_argument("--arms", required=True, help="a TOML file of what is compared")
    parser.add_argument("--count", type=int, default=60, help="items of each file")
    parser.add_argument("--against", default="", help="the arm that the others are compared with; else the first")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder of the results")
    parser.add_argument("items", nargs="+", help="JSONL with question and answer")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    # No turn follows a question here, and reading ahead would go on into the next arm's time.
    starts = {
        "melete": [options.melete, "serve", "--model", options.model, "--port", "{port}", "--context", str(CONTEXT),
                   "--sequences", "16", "--no-read-ahead"],
        "llama-server": [f"{options.peers}/bin/llama-server", "-m", options.model, "--port", "{port}",
                         "-c", str(CONTEXT), "-np", "16", "-kvu", "-fa", "on", "-b", "512", "-ub", "512",
                         "--no-webui"],
        "optillm": ["env", "OPENAI_API_KEY=none", f"{options.peers}/optillm/bin/optillm", "--port", "{port}",
                    "--base-url", "http://127.0.0.1:{llama_server_port}/v1"],
    }
    arms = tomllib.loads(pathlib.Path(options.arms).read_text())["arm"]
    command = [options.melete, "eval", *options.items, "--arms", options.arms, "--count", str(options.count),
               "--output", str(options.output)]
    if options.against:
        command += ["--against", options.against]
    names = {arm["server"] for arm in arms}
    if "optillm" in names:
        names.add("llama-server")
    ports = {}
    with contextlib.ExitStack() as servers:
        for name in sorted(names):  # llama-server before optillm, which is told its port
            start = [part.replace("{llama_server_port}", str(ports.get("llama-server"))) for part in starts[name]]
            server = servers.enter_context(Server(name, start, options.output / f"{name}.log"))
            ports[name] = server.port
            command += ["--server", f"{name}=http://127.0.0.1:{server.port}"]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
