"""A model server with a steady voice: ``python tests/bench/token_server.py RATE [WORDS]``.

Prints its port. Streams the same text to everybody at RATE words a second (0: as fast as it can);
what isn't streamed is answered at once with an empty judgement.
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import cycle, islice

SENTENCES = (
    "Thank you for telling me that so plainly this morning.",
    "My own team has been asking me about it since spring.",
    "They would like to see how such a change is made.",
    "What happens to the people who answer our phones today?",
    "Somebody has to sit with them while they learn it.",
    "Our board looks at anything new with a lot of care.",
    "Please walk me through the first week as you see it.",
    "Which of your people would be with us in that week?",
)


def words(number: int) -> list[str]:
    """So many words of whole sentences, with the space after each."""
    every = " ".join(islice(cycle(SENTENCES), 0, number)).split()
    return [f"{word} " for word in every[: number - number % 10]]


def _event(delta: dict[str, str], finish: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return _framed(f"data: {json.dumps({**head, 'choices': [choice]})}\n\n".encode())


def _framed(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


class Server:
    def __init__(self, rate: float, number: int) -> None:
        self.rate = rate
        self.events = [_event({"content": word}, None) for word in words(number)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                asked = await _request(reader)
                if asked.get("stream"):
                    await self._stream(writer)
                else:
                    writer.write(_judgement())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _stream(self, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n" + _event({"role": "assistant"}, None)
        )
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, event in enumerate(self.events):
            if self.rate:
                await asyncio.sleep(max(0.0, began + number / self.rate - loop.time()))
            writer.write(event)
            if not self.rate:
                await writer.drain()
        writer.write(_event({}, "stop") + _framed(b"data: [DONE]\n\n") + b"0\r\n\r\n")


async def _request(reader: asyncio.StreamReader) -> dict[str, object]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = next(
        (int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:")), 0
    )
    asked: dict[str, object] = json.loads(await reader.readexactly(length) or b"{}")
    return asked


def _judgement() -> bytes:
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": '{"checks": []}'},
        "finish_reason": "stop",
    }
    head = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
    content = json.dumps({**head, "choices": [choice]}).encode()
    top = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:"
    return f"{top} {len(content)}\r\n\r\n".encode() + content


async def main(rate: float, number: int) -> None:
    server = await asyncio.start_server(Server(rate, number).serve, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 80))
