"""A small streaming client for benchmarks: Chat Completions over HTTP/1.1 by the standard library alone.

It notes when each piece of text arrived and leaves the counting of tokens to its caller.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field


@dataclass
class Reply:
    """What came back for one request; times in seconds since the request was sent."""

    first: float = 0.0  # first piece of reasoning or text
    last: float = 0.0  # end of the stream
    arrivals: list = field(default_factory=list)  # time of every piece
    texts: dict = field(default_factory=dict)  # by choice: the answer
    reasoning: dict = field(default_factory=dict)  # by choice
    finish: dict = field(default_factory=dict)  # by choice: the reason
    usage: dict = field(default_factory=dict)
    error: str = ""


async def body_lines(reader, chunked):
    """The lines of a response body, with chunked transfer undone."""
    rest = b""
    while True:
        if chunked:
            size = int((await reader.readline()).strip() or b"0", 16)
            piece = await reader.readexactly(size) if size else b""
            await reader.readline()
        else:
            piece = await reader.read(65536)
        rest += piece
        *lines, rest = rest.split(b"\n")
        for line in lines:
            yield line
        if not piece:
            if rest:
                yield rest
            return


def take(reply, data, now):
    """Adds one event of the stream to the reply."""
    event = json.loads(data)
    if "error" in event:
        reply.error = json.dumps(event["error"])
        return
    reply.usage = event.get("usage") or reply.usage
    for choice in event.get("choices", []):
        index = choice.get("index", 0)
        delta = choice.get("delta", {})
        text = delta.get("content") or ""
        thought = delta.get("reasoning_content") or ""
        if text or thought:
            reply.first = reply.first or now
            reply.arrivals.append(now)
        reply.texts[index] = reply.texts.get(index, "") + text
        reply.reasoning[index] = reply.reasoning.get(index, "") + thought
        if choice.get("finish_reason"):
            reply.finish[index] = choice["finish_reason"]


async def ask(port, body):
    """Sends one streaming request and reads it to the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    payload = json.dumps({**body, "stream": True, "stream_options": {"include_usage": True}}).encode()
    start = time.monotonic()
    writer.write(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(payload) + payload
    )
    await writer.drain()
    reply = Reply()
    status = int((await reader.readline()).split()[1])
    chunked = False
    while (line := (await reader.readline()).strip()):
        chunked = chunked or line.lower() == b"transfer-encoding: chunked"
    async for line in body_lines(reader, chunked):
        if status != 200:
            reply.error += line.decode(errors="replace")
        elif line.startswith(b"data: ") and not line.startswith(b"data: [DONE]"):
            take(reply, line[6:], time.monotonic() - start)
    reply.last = time.monotonic() - start
    writer.close()
    return reply


async def ask_all(port, bodies):
    """Sends all requests at once; replies in the same order, and the seconds until the last ended."""
    start = time.monotonic()
    replies = await asyncio.gather(*(ask(port, body) for body in bodies))
    return replies, time.monotonic() - start
