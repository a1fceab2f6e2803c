"""A request of Slack's, as something to keep: whether it is theirs, its id and its lane."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import Clock, SignatureVerifier

from coach.errors import BadInput, Refused
from coach.messenger.arrival import Arrival

UNSIGNED = "This isn't signed by Slack, or too old; compare COACH_SLACK_SIGNING_SECRET."
UNREADABLE = "this isn't what Slack sends: send an event, a command or an interaction"

#: One of these is in whatever Slack sends.
KINDS = {"type", "command", "ssl_check"}

Payload = dict[str, Any]


def check_signature(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises Refused for what is unsigned, wrongly signed or older than five minutes."""
    stamp = headers.get("x-slack-request-timestamp", "")
    signed = headers.get("x-slack-signature", "")
    verifier = SignatureVerifier(secret, _At(now))
    if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12 or not signed.isascii():
        raise Refused(UNSIGNED)
    try:
        is_theirs = bool(secret) and verifier.is_valid(body, stamp, signed)
    except UnicodeDecodeError:
        is_theirs = False
    if not is_theirs:
        raise Refused(UNSIGNED)


class _At(Clock):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> float:
        return self._now.timestamp()


def payload_of(body: bytes, kind: str) -> Payload:
    """The event, interaction or command in a request's body; raises BadInput."""
    try:
        if kind.partition(";")[0].strip() == "application/json":
            found = json.loads(body)
        else:
            form = dict(parse_qsl(body.decode(), keep_blank_values=True))
            found = json.loads(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError) as error:
        raise BadInput(UNREADABLE) from error
    if not isinstance(found, dict) or not KINDS & found.keys():
        raise BadInput(UNREADABLE)
    return found


def arrival_of(payload: Payload, now: datetime) -> Arrival:
    """The same thing sent twice gets the same id, whichever way it came."""
    return Arrival(_id(payload), _lane(payload), payload, now)


def _id(payload: Payload) -> str:
    for name in ("event_id", "trigger_id"):
        if isinstance(found := payload.get(name), str) and 0 < len(found) <= 200:
            return found
    content = json.dumps(payload, sort_keys=True).encode()
    return sha256(content).hexdigest()


def _lane(payload: Payload) -> str:
    """Messages and buttons of one thread come one after the other; else those of one user."""
    event = _part(payload, "event")
    box, message = _part(payload, "container"), _part(payload, "message")
    workspace = workspace_of(payload)
    thread = (
        event.get("thread_ts")
        or box.get("thread_ts")
        or message.get("thread_ts")
        or (event.get("ts") if event.get("type") == "message" else None)
        or box.get("message_ts")
    )
    channel = event.get("channel") or box.get("channel_id") or payload.get("channel_id")
    user = event.get("user") or _part(payload, "user").get("id") or payload.get("user_id")
    return f"{workspace}/{channel}/{thread}" if thread else f"{workspace}/{user}"


def workspace_of(payload: Payload) -> str:
    """The one that the bot is installed in; "" where none is named."""
    for authorised in payload.get("authorizations") or ():
        if isinstance(authorised, dict) and authorised.get("team_id"):
            return str(authorised["team_id"])
    named = payload.get("team_id") or _part(payload, "team").get("id")
    return str(named or "")


def _part(payload: Payload, name: str) -> Payload:
    found = payload.get(name)
    return found if isinstance(found, dict) else {}
