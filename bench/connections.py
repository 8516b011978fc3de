#!/usr/bin/env python3
"""Melete beside llama-server when many clients wait: how many open streams each holds, and what others notice of it.

No speed of a model is measured: each server has the same small one and eight slots, so nearly all streams wait, and
they are left before their answers end. The clients run on the same cores. "held" are streams whose connection
is neither refused nor ended; the delays are those of new connections, one after the other, while the streams are open.
"""

import argparse
import asyncio
import json
import pathlib
import resource
import statistics
import time

from servers import Server, machine
from stream_client import ask_all

SLOTS = 8
CONTEXT = 8192
AT_ONCE = 50  # connections that are being made
SAMPLES = 20
PATIENCE = 5.0  # seconds until a request counts as unanswered
BODY = {"messages": [{"role": "user", "content": "Tell a long story about a river."}], "max_tokens": 512}


class Client:
    """One open stream, which takes what comes."""

    async def open(self, port, payload):
        self.lost = True
        try:
            self.reader, self.writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 30)
        except (OSError, asyncio.TimeoutError):
            return
        self.writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                          b"Content-Length: %d\r\n\r\n" % len(payload) + payload)
        self.lost = False
        self.taking = asyncio.create_task(self.take())

    async def take(self):
        try:
            status = await self.reader.readline()
            self.lost = b" 200 " not in status
            while not self.lost and await self.reader.read(65536):
                pass
        except OSError:
            pass
        self.lost = True

    async def close(self):
        if hasattr(self, "taking"):
            self.taking.cancel()
            self.writer.transport.abort()


async def delay_of(port, path):
    """Milliseconds from a new connection to the whole reply; nothing where it takes longer than PATIENCE."""
    async def fetch():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
        answered = await reader.read()
        writer.close()
        return bool(answered)

    begin = time.monotonic()
    try:
        answered = await asyncio.wait_for(fetch(), PATIENCE)
    except (OSError, asyncio.TimeoutError):
        return None
    return (time.monotonic() - begin) * 1000 if answered else None


async def delays_of(port, path):
    """What is said of so many requests: the median and the longest delay, or that there was no answer."""
    delays = []
    for _ in range(SAMPLES):
        delay = await delay_of(port, path)
        if delay is None:
            return f"none in {PATIENCE:.0f} s"
        delays.append(delay)
    return f"{statistics.median(delays):.1f} ({max(delays):.1f})"


async def measure(server, count):
    """A row of the table: the server beside `count` streams."""
    payload = json.dumps({**BODY, **server.fields, "model": server.model(), "stream": True}).encode()
    before = server.memory()
    clients = [Client() for _ in range(count)]
    gate = asyncio.Semaphore(AT_ONCE)

    async def open_one(client):
        async with gate:
            await client.open(server.port, payload)

    begin = time.monotonic()
    await asyncio.gather(*(open_one(client) for client in clients))
    opened = time.monotonic() - begin
    await asyncio.sleep(2)
    health = await delays_of(server.port, "/health")
    models = await delays_of(server.port, "/v1/models")
    held = sum(not client.lost for client in clients)
    memory, threads = server.memory(), server.threads()
    for client in clients:
        await client.close()
    return [server.name, f"{count:,}", f"{held:,}", f"{opened:.1f}", f"{memory:.0f}",
            f"{(memory - before) * 1024 / count:.0f}", str(threads), health, models]


def run(server, counts):
    """A row for each count, each of a server that was just started and has answered in all its slots once."""
    for count in counts:
        with server:
            warm = [{**BODY, **server.fields, "model": server.model(), "max_tokens": 64}] * SLOTS
            asyncio.run(ask_all(server.port, warm))
            print("| " + " | ".join(asyncio.run(measure(server, count))) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--melete", required=True)
    parser.add_argument("--peers", required=True, help="folder with llama-server")
    parser.add_argument("--model", required=True, help="a GGUF file")
    parser.add_argument("--streams", type=int, nargs="+", default=[500, 1000, 2000, 4000])
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("build/bench"))
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))

    melete = [options.melete, "serve", "--model", options.model, "--port", "{port}", "--no-store", "--context",
              str(CONTEXT), "--sequences", str(SLOTS)]
    llama = [str(pathlib.Path(options.peers) / "llama-server"), "-m", options.model, "--port", "{port}", "-c",
             str(CONTEXT), "-np", str(SLOTS), "-kvu", "-fa", "on", "--no-webui"]
    no_end = {"ignore_eos": True}
    print(f"{machine()}; {pathlib.Path(options.model).name}, {SLOTS} slots\n")
    columns = ["server", "streams", "held", "opened in s", "memory, MiB", "KiB a stream", "threads",
               "/health, ms: median (most)", "/v1/models, ms: median (most)"]
    print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    run(Server("melete", melete, options.output / "melete.log", {"melete": no_end}), options.streams)
    run(Server("llama-server", llama, options.output / "llama-server.log", no_end), options.streams)
    threads = str(max(options.streams) + 16)
    run(Server(f"llama-server --threads-http {threads}", llama + ["--threads-http", threads],
               options.output / "llama-server-threads.log", no_end), options.streams)


if __name__ == "__main__":
    main()
