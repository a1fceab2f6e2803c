"""The pictures of docs/slack.md, from the blocks the bot really sends:
``.venv/bin/python -m tests.browser.slack_pictures docs``.

Slack itself can't be reached from here: blocks are drawn plainly, in Slack's order and wording.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.testclient import TestClient
from playwright.sync_api import sync_playwright

from api.app import create_app
from api.wiring import build_service
from coach.messenger.settings import SlackSettings
from coach.settings import Settings
from coach.store import open_store
from tests.browser.conftest import ARGUMENTS, chromium
from tests.slack_server import SECRET, TOKEN, Sender, SlackServer, headers_for, slack_server

ANNA = "U1ANNA"
REPLIES = (
    "That is fair. What have you heard about us, and what would you need to see first?",
    "Nordhavn Clinics cut missed calls. What does a missed call cost you today?",
)
#: Signs that the fonts of a bare machine have; faces are drawn as initials.
EMOJI = {"compass": "◎", "white_check_mark": "✔", "x": "✘", "alarm_clock": "◷"}
STYLE = """
body { font: 15px/1.45 Lato, "Noto Sans", "DejaVu Sans", sans-serif; color: #1d1c1d; margin: 0; }
main { padding: 18px 22px; width: 640px; }
article { display: flex; gap: 10px; margin: 0 0 16px; }
.face { flex: 0 0 36px; height: 36px; border-radius: 8px; background: #e8e8ef; font-size: 22px;
  text-align: center; line-height: 36px; }
.name { font-weight: 700; } .only { color: #616061; font-size: 12px; }
h2 { font-size: 18px; margin: 6px 0; } p { margin: 4px 0; }
.context { color: #616061; font-size: 13px; }
blockquote { border-left: 4px solid #ddd; margin: 4px 0; padding-left: 10px; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
.actions span { border: 1px solid #bbb; border-radius: 6px; padding: 4px 12px; font-weight: 600;
  font-size: 13px; }
.primary { background: #007a5a; color: #fff; } .danger { background: #c01343; color: #fff; }
"""


def html_of(blocks: Sequence[dict[str, Any]]) -> str:
    return "".join(_block(block) for block in blocks)


def _block(block: dict[str, Any]) -> str:
    match block["type"]:
        case "header":
            return f"<h2>{escape(block['text']['text'])}</h2>"
        case "section":
            return _mrkdwn(block["text"]["text"])
        case "context":
            inner = "".join(_mrkdwn(element["text"]) for element in block["elements"])
            return f"<div class=context>{inner}</div>"
        case _:
            return f"<div class=actions>{''.join(map(_element, block['elements']))}</div>"


def _element(element: dict[str, Any]) -> str:
    label = element.get("initial_option", element).get("text") or element["placeholder"]
    arrow = "" if element["type"] == "button" else " ▾"
    style = element.get("style", "")
    return f"<span class='{style}'>{escape(label['text'])}{arrow}</span>"


def _mrkdwn(text: str) -> str:
    """As Slack shows it: its own signs are the only ones that mean anything."""
    lines = [_line(line) for line in text.split("\n")]
    return "".join(lines)


def _line(line: str) -> str:
    quoted, line = line.startswith("> "), line.removeprefix("> ")
    line = re.sub(r"<([^|>]+)\|([^>]+)>", r"<a href='#'>\2</a>", line)
    line = re.sub(r"(?<!\u2060)\*(.+?)(?<!\u2060)\*", r"<b>\1</b>", line)
    line = re.sub(r"(?<![\u2060\w])_(.+?)(?<!\u2060)_(?!\w)", r"<i>\1</i>", line)
    line = re.sub(r":(\w+):", lambda m: EMOJI.get(m[1], m[0]), line)
    return f"<blockquote>{line}</blockquote>" if quoted else f"<p>{line}</p>"


def message(given: dict[str, Any], only: bool = False) -> str:
    name = given.get("username", "Objection Coach")
    face = "◎" if name == "Objection Coach" else escape(name[0])
    told = "<div class=only>Only visible to you</div>" if only else ""
    inner = html_of(given.get("blocks") or [])
    return (
        f"<article><div class=face>{face}</div><div>{told}<div class=name>{escape(name)}</div>"
        f"{inner}</div></article>"
    )


def pictures() -> Iterator[tuple[str, str]]:
    """Name and HTML of each picture, of one practice that is really held."""
    with slack_server() as slack, TemporaryDirectory() as folder:
        slack.member(ANNA, "anna@seller.example")
        home, sender = Path(folder), Sender(f"{slack.url[:-4]}/response/1")
        settings = SlackSettings(SECRET, TOKEN, api=f"{slack.url}/")
        app = create_app(lambda: build_service(Settings(home=home)), slack=settings)
        with TestClient(app) as client, closing(open_store(Settings(home=home).database)) as store:

            def do(body: bytes) -> None:
                client.post("/slack/events", content=body, headers=headers_for(body))
                while store.inbox.waiting():
                    time.sleep(0.05)

            yield from _played(slack, sender, do)


def _played(
    slack: SlackServer, sender: Sender, do: Callable[[bytes], None]
) -> Iterator[tuple[str, str]]:
    do(sender.command(ANNA, "practise trust-unknown"))
    root = next(m for m in slack.messages.values() if not m.get("thread_ts"))
    for reply in REPLIES:
        do(sender.message(ANNA, reply, root["ts"]))
    thread = slack.thread(root["ts"])
    own = [{"username": "Anna", "blocks": [_said(reply)]} for reply in REPLIES]
    talk = [*thread[:2], own[0], thread[2], own[1], thread[3]]
    yield "practice", "".join(map(message, talk)) + message(slack.whispers[-1], only=True)
    last = thread[-1]
    for name in ("why", "end"):
        elements = last["blocks"][-1]["elements"]
        value = next(e["value"] for e in elements if e["action_id"] == name)
        do(sender.press(ANNA, last, {"action_id": name, "value": value}))
    yield "why", message(slack.whispers[-1], only=True)
    yield "debrief", message(slack.thread(root["ts"])[-1])
    do(sender.command(ANNA, "answer We have worked with Meridant for ten years"))
    yield "answer", message(slack.answered[-1], only=True)
    do(sender.event({"type": "app_home_opened", "user": ANNA, "channel": "D1", "tab": "home"}))
    yield "home", html_of(slack.homes[ANNA]["blocks"])


def _said(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": escape(text)}}


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 690, "height": 400})
        for name, body in pictures():
            page.set_content(f"<style>{STYLE}</style><main>{body}</main>")
            page.locator("main").screenshot(path=folder / f"slack-{name}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
