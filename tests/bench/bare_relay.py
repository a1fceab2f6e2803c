"""The least that relays a model's words: ``python tests/bench/bare_relay.py MODEL_URL``.

FastAPI, the openai library and server-sent events; no coach. Prints its port.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import AsyncIterator

import uvicorn
from fastapi import FastAPI
from openai import AsyncOpenAI, DefaultAsyncHttpxClient
from starlette.responses import StreamingResponse


def relay(url: str) -> FastAPI:
    http = DefaultAsyncHttpxClient(trust_env=False)
    client = AsyncOpenAI(base_url=url, api_key="none", max_retries=0, http_client=http)
    app = FastAPI()

    async def events(text: str) -> AsyncIterator[str]:
        stream = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": text}], stream=True
        )
        async for chunk in stream:
            if chunk.choices and (word := chunk.choices[0].delta.content):
                yield f"event: reply.delta\ndata: {json.dumps({'text': word})}\n\n"

    @app.post("/relay")
    async def post(given: dict[str, str]) -> StreamingResponse:
        return StreamingResponse(events(given["text"]), media_type="text/event-stream")

    return app


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as bound:
        print(bound.getsockname()[1], flush=True)
        app = relay(sys.argv[1])
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[bound])
