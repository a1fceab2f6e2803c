"""Embeddings for the server of ``tests.loopback``: well or badly, as it is told to."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tests.loopback import Behaviour, Handler

WIDTH = 256

Row = list[float]


def row_of(text: str, width: int = WIDTH) -> Row:
    """Not of length one: each word falls on one axis, so that shared words bring texts near."""
    row = [0.01] * width
    for word in text.casefold().split():
        row[zlib.crc32(word.encode()) % width] += 3.0
    return row


def vectors(width: int = WIDTH, *, base64_too: bool = True) -> Behaviour:
    """A row per text; some servers only ever send lists of numbers."""
    return rows(lambda texts: [row_of(text, width) for text in texts], base64_too=base64_too)


def rows(make: Callable[[Sequence[str]], Sequence[Row]], *, base64_too: bool = True) -> Behaviour:
    def behave(to: Handler, body: dict[str, Any]) -> None:
        packed = base64_too and body.get("encoding_format") == "base64"
        to.raw(200, json.dumps(_answer(make(_texts(body)), packed)))

    return behave


def one_too_few() -> Behaviour:
    return rows(lambda texts: [row_of(text) for text in texts[1:]] or [])


def spoilt(value: float = math.nan) -> Behaviour:
    """The last row has ``value`` everywhere."""
    return rows(lambda texts: [*map(row_of, texts[:-1]), [value] * WIDTH])


def ragged() -> Behaviour:
    return rows(lambda texts: [row_of(text)[: WIDTH - n] for n, text in enumerate(texts)])


def only_up_to(characters: int) -> Behaviour:
    """Refuses longer texts as llama.cpp does."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        if max(map(len, _texts(body))) > characters:
            said = {"error": {"code": 500, "message": "input is too large to process"}}
            to.raw(500, json.dumps(said))
        else:
            vectors()(to, body)

    return behave


def broken_off() -> Behaviour:
    """Promises more bytes than it sends."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        to.send_response(200)
        to.send_header("Content-Type", "application/json")
        to.send_header("Content-Length", "5000")
        to.end_headers()
        to.wfile.write(b'{"object": "list", "data": [')
        to.wfile.flush()
        to.reset()

    return behave


def _texts(body: dict[str, Any]) -> list[str]:
    given = body["input"]
    return [given] if isinstance(given, str) else list(given)


def _answer(made: Sequence[Row], packed: bool) -> dict[str, Any]:
    def shown(row: Row) -> Any:
        return base64.b64encode(np.array(row, dtype="<f4").tobytes()).decode() if packed else row

    data = [
        {"object": "embedding", "index": index, "embedding": shown(row)}
        for index, row in enumerate(made)
    ]
    return {"object": "list", "data": data, "model": "m", "usage": {"total_tokens": 1}}
