"""What Slack refuses of blocks, from its reference: lengths, counts, ids, kinds. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

Block = dict[str, Any]


def faults(blocks: Sequence[Block], text: str | None, most: int = 50) -> list[str]:
    """What is wrong with a message; [] for one that Slack takes."""
    found = [f"{len(blocks)} blocks"] if len(blocks) > most else []
    if text is not None and length(text) > 40_000:
        found.append("text is cut by Slack")
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block_id {name} twice" for name, count in ids.items() if count > 1]
    return found + [fault for block in blocks for fault in _block(block)]


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _block(block: Block) -> Iterator[str]:
    if length(block.get("block_id", "")) > 255:
        yield "block_id is too long"
    kind = block.get("type")
    if kind == "section":
        yield from _text(block["text"], 3000)
    elif kind == "header":
        yield from _text(block["text"], 150, plain=True)
    elif kind == "context":
        if not 1 <= len(block["elements"]) <= 10:
            yield f"{len(block['elements'])} elements of a context"
        for element in block["elements"]:
            yield from _text(element, 3000)
    elif kind == "actions":
        if not 1 <= len(block["elements"]) <= 25:
            yield f"{len(block['elements'])} elements of actions"
        ids = Counter(element["action_id"] for element in block["elements"])
        yield from (f"action_id {name} twice" for name, count in ids.items() if count > 1)
        for element in block["elements"]:
            yield from _element(element)
    else:
        yield f"no block that we use: {kind}"


def _text(text: Block, most: int, plain: bool = False) -> Iterator[str]:
    if plain and text["type"] != "plain_text":
        yield "must be plain_text"
    if text["type"] not in ("plain_text", "mrkdwn"):
        yield f"no text: {text['type']}"
    if text["type"] == "mrkdwn" and "emoji" in text:
        yield "emoji is for plain_text"
    if not 1 <= length(text["text"]) <= most:
        yield f"text of {length(text['text'])}, {most} at most"


def _element(element: Block) -> Iterator[str]:
    if not 1 <= length(element["action_id"]) <= 255:
        yield "action_id is too long"
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, plain=True)
    look = {"button": _button, "static_select": _select}.get(element["type"])
    if look:
        yield from look(element)
    elif element["type"] != "conversations_select":
        yield f"no element that we use: {element['type']}"


def _button(element: Block) -> Iterator[str]:
    yield from _text(element["text"], 75, plain=True)
    if not 1 <= length(element.get("value", "-")) <= 2000:
        yield "value is too long"
    if element.get("style", "primary") not in ("primary", "danger"):
        yield f"no style: {element['style']}"


def _select(element: Block) -> Iterator[str]:
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    options = [option for group in groups for option in group["options"]]
    if len(groups) > 100 or not all(1 <= len(group["options"]) <= 100 for group in groups):
        yield "too many groups or options, or too few"
    for group in groups:
        if "label" in group:
            yield from _text(group["label"], 75, plain=True)
    for option in options:
        yield from _text(option["text"], 75, plain=True)
        if not 1 <= length(option["value"]) <= 150:
            yield "an option's value is too long"
    initial = element.get("initial_option")
    if initial and initial not in options:
        yield "initial_option is none of the options"
