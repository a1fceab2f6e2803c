"""Slack's Web API on loopback: keeps messages, checks what it gets as Slack does, limits, fails.

What isn't like Slack here: of channels it knows those in ``channels`` and all direct messages; the
``ts`` of messages are counted, not measured.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode

from tests.block_kit import faults

TEAM, BOT, TOKEN, SECRET = "T01TEAM", "U0BOT", "xoxb-loopback", "signing-secret-of-the-tests"
CODE = "a-code-of-slack"
CLIENT = "1234.5678"

Json = dict[str, Any]


def signed(body: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers with which Slack sends ``body``."""
    stamp = str(int(time.time() if at is None else at))
    base = b"v0:" + stamp.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


@dataclass
class SlackServer:
    """``fail`` maps a method to the errors of its next calls; ``messages`` are kept by ``ts``."""

    url: str = ""
    calls: list[tuple[str, Json]] = field(default_factory=list)
    messages: dict[str, Json] = field(default_factory=dict)
    whispers: list[Json] = field(default_factory=list)
    answered: list[Json] = field(default_factory=list)  # to a response_url
    homes: dict[str, Json] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    fail: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    users: dict[str, Json] = field(default_factory=dict)
    channels: set[str] = field(default_factory=lambda: {"C0TEAM"})
    streams: bool = True
    _streaming: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _count: int = 0

    # --- what a test looks at ---

    def thread(self, root: str) -> list[Json]:
        with self._lock:
            return [m for m in self.messages.values() if root in (m["ts"], m.get("thread_ts"))]

    def called(self, method: str) -> list[Json]:
        with self._lock:
            return [given for name, given in self.calls if name == method]

    def member(self, user: str, email: str, **more: Any) -> None:
        profile = {"email": email, "real_name": user}
        self.users[user] = {
            "id": user,
            "team_id": TEAM,
            "tz": "Europe/Berlin",
            "profile": profile,
            **more,
        }

    # --- the methods ---

    def answer(self, method: str, given: Json, token: str) -> tuple[Json, dict[str, str]]:
        with self._lock:
            self.calls.append((method, given))
            if self.fail[method]:
                error = self.fail[method].pop(0)
                headers = {"Retry-After": "1"} if error == "ratelimited" else {}
                return {"ok": False, "error": error}, headers
            if token != TOKEN and method != "oauth.v2.access":
                return {"ok": False, "error": "invalid_auth" if token else "not_authed"}, {}
            does = METHODS.get(method)
            if does is None:
                return {"ok": False, "error": "unknown_method"}, {}
            try:
                return {"ok": True, **does(self, given)}, {}
            except Refusal as refused:
                return {"ok": False, "error": refused.error}, {}

    def ts(self) -> str:
        self._count += 1
        return f"1790000000.{self._count:06d}"

    def check(self, given: Json) -> None:
        found = faults(given.get("blocks") or [], given.get("text"))
        if found:
            self.faults += found
            raise Refusal("invalid_blocks")

    def channel(self, given: Json) -> str:
        channel = str(given.get("channel") or given.get("channel_id"))
        if channel not in self.channels and not channel.startswith("D"):
            raise Refusal("channel_not_found")
        return channel


class Refusal(Exception):
    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def auth_test(slack: SlackServer, given: Json) -> Json:
    return {"team_id": TEAM, "team": "Team", "user_id": BOT, "bot_id": "B0BOT", "url": "https://t"}


def post(slack: SlackServer, given: Json) -> Json:
    channel = slack.channel(given)
    slack.check(given)
    if not given.get("text") and not given.get("blocks"):
        raise Refusal("no_text")
    ts = slack.ts()
    slack.messages[ts] = {**given, "channel": channel, "ts": ts}
    return {"channel": channel, "ts": ts}


def whisper(slack: SlackServer, given: Json) -> Json:
    slack.channel(given)
    slack.check(given)
    slack.whispers.append(given)
    return {"message_ts": slack.ts()}


def update(slack: SlackServer, given: Json) -> Json:
    slack.check(given)
    if given["ts"] not in slack.messages:
        raise Refusal("message_not_found")
    if given["ts"] in slack._streaming:
        raise Refusal("streaming_state_conflict")
    slack.messages[given["ts"]].update(given)
    return {"channel": given["channel"], "ts": given["ts"]}


def start_stream(slack: SlackServer, given: Json) -> Json:
    if not slack.streams:
        raise Refusal("method_not_supported_for_channel_type")
    made = post(slack, {**given, "text": given.get("markdown_text")})
    slack._streaming.add(made["ts"])
    return made


def append_stream(slack: SlackServer, given: Json) -> Json:
    if given["ts"] not in slack._streaming:
        raise Refusal("message_not_in_streaming_state")
    slack.messages[given["ts"]]["text"] += given["markdown_text"]
    return {}


def stop_stream(slack: SlackServer, given: Json) -> Json:
    if given["ts"] not in slack._streaming:
        raise Refusal("message_not_in_streaming_state")
    slack._streaming.remove(given["ts"])
    slack.messages[given["ts"]]["metadata"] = given.get("metadata")
    return {}


def replies(slack: SlackServer, given: Json) -> Json:
    root = given["ts"]
    found = [m for m in slack.messages.values() if root in (m["ts"], m.get("thread_ts"))]
    return {"messages": found[-int(given["limit"]) :], "has_more": False}


def history(slack: SlackServer, given: Json) -> Json:
    found = [
        m
        for m in slack.messages.values()
        if m["channel"] == given["channel"] and not m.get("thread_ts")
    ]
    return {"messages": found[::-1][: int(given["limit"])], "has_more": False}


def opened(slack: SlackServer, given: Json) -> Json:
    channel = f"D{given['users']}"
    slack.channels.add(channel)
    return {"channel": {"id": channel}}


def user_info(slack: SlackServer, given: Json) -> Json:
    if given["user"] not in slack.users:
        raise Refusal("user_not_found")
    return {"user": slack.users[given["user"]]}


def publish(slack: SlackServer, given: Json) -> Json:
    view = given["view"]
    if found := faults(view["blocks"], None, most=100):
        slack.faults += found
        raise Refusal("invalid_arguments")
    slack.homes[given["user_id"]] = view
    return {}


def access(slack: SlackServer, given: Json) -> Json:
    if given.get("code") != CODE:
        raise Refusal("invalid_code")
    return {
        "team": {"id": TEAM, "name": "Team"},
        "bot_user_id": BOT,
        "access_token": TOKEN,
        "scope": "chat:write",
    }


METHODS: dict[str, Callable[[SlackServer, Json], Json]] = {
    "auth.test": auth_test,
    "chat.postMessage": post,
    "chat.postEphemeral": whisper,
    "chat.update": update,
    "chat.startStream": start_stream,
    "chat.appendStream": append_stream,
    "chat.stopStream": stop_stream,
    "conversations.open": opened,
    "conversations.replies": replies,
    "conversations.history": history,
    "users.info": user_info,
    "views.publish": publish,
    "oauth.v2.access": access,
    "assistant.threads.setStatus": lambda slack, given: {},
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    owner: SlackServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/response/"):
            given = json.loads(body)
            self.owner.faults += faults(given.get("blocks") or [], given.get("text"))
            self.owner.answered.append(given)
            self._send({"ok": True}, {})
            return
        method = self.path.partition("?")[0].rsplit("/", 1)[1]
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self._send(*self.owner.answer(method, self._given(body), token))

    def do_GET(self) -> None:
        self.do_POST()

    def _given(self, body: bytes) -> Json:
        if "json" in self.headers.get("Content-Type", ""):
            found: Json = json.loads(body or b"{}")
            return found
        sent = parse_qs(body.decode(), keep_blank_values=True)
        sent |= parse_qs(self.path.partition("?")[2], keep_blank_values=True)
        return {name: _value(values[0]) for name, values in sent.items()}

    def _send(self, answer: Json, headers: dict[str, str]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(429 if headers else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Silent."""


def _value(text: str) -> Any:
    return json.loads(text) if text[:1] in "[{" and text else text


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no news."""


@contextmanager
def slack_server() -> Iterator[SlackServer]:
    owner = SlackServer()
    bound = _Server(("127.0.0.1", 0), type("Bound", (Handler,), {"owner": owner}))
    owner.url = f"http://127.0.0.1:{bound.server_port}/api"
    thread = threading.Thread(target=bound.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield owner
    finally:
        bound.shutdown()
        bound.server_close()
        thread.join()


# --- what Slack sends: bodies as its documentation shows them ---


class Sender:
    """Makes the requests of one workspace; each has an id of its own."""

    def __init__(self, response_url: str = "") -> None:
        self._count = 0
        self._response_url = response_url

    def _id(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{time.time_ns()}.{self._count}"

    def event(self, event: Json) -> bytes:
        body = {
            "token": "verification-token",
            "team_id": TEAM,
            "api_app_id": "A0APP",
            "event": event,
            "type": "event_callback",
            "event_id": self._id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        }
        return json.dumps(body).encode()

    def message(self, user: str, text: str, thread: str = "", ts: str = "") -> bytes:
        event = {
            "type": "message",
            "channel": f"D{user}",
            "channel_type": "im",
            "user": user,
            "text": text,
            "ts": ts or f"{time.time():.6f}",
            "event_ts": "1",
            **({"thread_ts": thread} if thread else {}),
        }
        return self.event(event)

    def home(self, user: str) -> bytes:
        return self.event(
            {"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": "home"}
        )

    def command(self, user: str, text: str, channel: str = "C0TEAM") -> bytes:
        form = {
            "token": "verification-token",
            "team_id": TEAM,
            "channel_id": channel,
            "user_id": user,
            "command": "/coach",
            "text": text,
            "response_url": self._response_url,
            "trigger_id": self._id("tr"),
        }
        return urlencode(form).encode()

    def press(self, user: str, message: Json, action: Json) -> bytes:
        thread = message.get("thread_ts")
        place = {"message_ts": message["ts"], "channel_id": message["channel"]}
        body = {
            "type": "block_actions",
            "user": {"id": user, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "team"},
            "api_app_id": "A0APP",
            "trigger_id": self._id("tr"),
            "container": {"type": "message", **place, **({"thread_ts": thread} if thread else {})},
            "channel": {"id": message["channel"], "name": "directmessage"},
            "message": message,
            "response_url": self._response_url,
            "actions": [{"type": "button", "block_id": "b", "action_ts": "1", **action}],
        }
        return urlencode({"payload": json.dumps(body)}).encode()

    def in_home(self, user: str, action: Json) -> bytes:
        body = {
            "type": "block_actions",
            "user": {"id": user, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "team"},
            "trigger_id": self._id("tr"),
            "container": {"type": "view", "view_id": "V1"},
            "view": {"type": "home"},
            "actions": [{"type": "static_select", "block_id": "b", "action_ts": "1", **action}],
        }
        return urlencode({"payload": json.dumps(body)}).encode()

    def shortcut(self, user: str, text: str) -> bytes:
        body = {
            "type": "message_action",
            "callback_id": "answer_this",
            "user": {"id": user, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "team"},
            "channel": {"id": "C0OTHER", "name": "deals"},
            "message": {"type": "message", "user": "U9", "ts": "1.1", "text": text},
            "message_ts": "1.1",
            "trigger_id": self._id("tr"),
            "response_url": self._response_url,
        }
        return urlencode({"payload": json.dumps(body)}).encode()


def headers_for(body: bytes) -> dict[str, str]:
    kind = "application/json" if body[:1] == b"{" else "application/x-www-form-urlencoded"
    return {"Content-Type": kind, **signed(body)}
