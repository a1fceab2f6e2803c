"""Links, HTML, Markdown and the marks of the prompt: a person's spoken words have none of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coach.late_pattern import late
from coach.vetting.fault import Fault

if TYPE_CHECKING:
    from coach.vetting.ground import Ground

LINK = late(
    r"\b(?:https?|ftp|file|javascript|data|mailto)\s*:\s*\S|\bwww\.\w|//\w[\w.-]*\.\w"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|dev|app|example|test|ru|cn|info|biz|co)\b"
    r"|[\w.+-]+@[\w-]+\.\w",
    re.IGNORECASE,
)
_TAG = late(r"<\s*[/!?]?\s*[a-z][^<]*|&(?:#\d+|#x[\da-f]+|[a-z]{2,8});", re.IGNORECASE)
_MARKDOWN = late(
    r"!?\[[^\]]*\]\s*[\[(]|`|\*\*|__\w|^\s*(?:#{1,6}\s|[-*+]\s|>\s|\|)|\|\s*-{2,}", re.MULTILINE
)
_FENCE = re.compile(
    r"\w\([^)]*\)\s*[:;{]|[=!]=|[-=]>|;\s*$|<{2,}|>{2,}|<\||\|>|\[/?INST\]|\{[\"'{%]|^\s*[{\[]"
)


def markup(text: str, ground: Ground) -> Fault | None:
    """An address of the line itself may be said; one that the seller brought may not."""
    return Fault.MARKUP if is_marked(text, ground.core) else None


def is_marked(text: str, known: str = "") -> bool:
    """Whether it is more than spoken words; ``known`` may hold names that look like addresses."""
    for found in LINK.finditer(text):
        address = found[0].casefold()
        if address not in known.casefold() or ":" in address or "/" in address:
            return True
    return bool(_TAG.search(text) or _MARKDOWN.search(text) or _FENCE.search(text))
