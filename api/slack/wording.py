"""Text as Slack writes it, and text for Slack: nothing that somebody typed becomes markup. Pure."""

from __future__ import annotations

import re
from html import unescape

from api.slack.limits import cut

REFERENCE = re.compile(r"<(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


def plain(text: str) -> str:
    """What was typed, of the text of an event: labels for links, & for &amp;."""
    return unescape(REFERENCE.sub(_label, text)).strip()


def _label(found: re.Match[str]) -> str:
    target, label = found["target"], found["label"]
    if label:
        return label
    if target.startswith(("@", "#", "!")):
        return ""  # who or where, by an id that says nothing to a buyer
    return target.removeprefix("mailto:")


def escaped(text: str) -> str:
    """``text`` inside of mrkdwn: & < > are Slack's own signs."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


#: Signs that make words bold, slanted, struck or code; a zero-width joiner before one keeps it one.
STYLING = re.compile(r"([*_~`])")


def literal(text: str) -> str:
    """What somebody typed, to stand in mrkdwn just as they typed it."""
    return STYLING.sub("\u2060\\1", escaped(text))


def quoted(text: str) -> str:
    """Each line as a quotation."""
    return "\n".join(f"> {line}" for line in literal(text).split("\n"))


def fallback(text: str) -> str:
    """What notifications show of a message."""
    return escaped(cut(text, 300))
