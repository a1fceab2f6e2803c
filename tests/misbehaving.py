"""Rarer ways for the loopback server to misbehave: wrong shapes, lacking abilities, death."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from typing import Any

from tests.loopback import Behaviour, Handler, answer, completion, status


def misshapen() -> Behaviour:
    """JSON, and nothing of it where the protocol has it."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        if body.get("stream"):
            to.begin_events()
            to.event({"choices": "none", "words": ["Hello"]})
            to.done()
        else:
            to.raw(200, json.dumps({"choices": "none", "words": ["Hello"]}))

    return behave


def unable(*ways: str, text: str) -> Behaviour:
    """Refuses requests with one of ``ways`` in them (``response_format``, ``tools``)."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        if any(way in body for way in ways):
            status(400, error="unknown field")(to, body)
        else:
            answer(text)(to, body)

    return behave


def by_tool(arguments: str) -> Behaviour:
    """Answers with a call of the tool that it was given, and can't do JSON schema."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        if "tools" not in body:
            status(400, error="response_format is not supported")(to, body)
            return
        called = {"name": body["tools"][0]["function"]["name"], "arguments": arguments}
        message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call-1", "type": "function", "function": called}],
        }
        reply = completion("", "tool_calls")
        reply["choices"][0]["message"] = message
        to.raw(200, json.dumps(reply))

    return behave


def die(text: str = "") -> Behaviour:
    """Says ``text``; then the whole server is gone, with every connection to it."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        if body.get("stream"):
            to.begin_events()
            to.words(text)
        to.owner.kill()
        to.close_connection = True

    return behave


def cut_with_done(text: str) -> Behaviour:
    """An orderly end by ``[DONE]``, and no finish_reason."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        if body.get("stream"):
            to.begin_events()
            to.words(text)
            to.done()
        else:
            to.whole(text, None)

    return behave


def silent() -> Behaviour:
    """Says nothing, and notes when the client hangs up."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        to.connection.settimeout(0.02)
        while not to.owner.stopping.is_set():
            with suppress(TimeoutError):
                if not to.connection.recv(1, socket.MSG_PEEK):
                    raise ConnectionError
                to.owner.stopping.wait(0.02)

    return behave
