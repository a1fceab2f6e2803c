"""What chat programs ask a model beside the talk: a title, tags, what to say next, what to search.

They send it as a message of the user. It is no turn: it gets an answer that does no harm.
"""

from __future__ import annotations

import json
import re

#: As Open WebUI begins all of them, and what marks a talk that is quoted to be worked on.
_TASK = re.compile(r"\s*#{1,4} *Task:|<chat_history>|<conversation>", re.IGNORECASE)
_TITLE = re.compile(
    r"\b(?:generate|create|provide|write|give|suggest|come up with)\b[^.\n]{0,80}\btitle\b"
    r"[^\n]{0,160}\b(?:chat|conversation|exchange|dialogue|message)",
    re.IGNORECASE,
)
#: First the name of the field that they want, then what else gives the task away.
_WANTED = (
    ("title", re.compile(r"\btitle\b", re.IGNORECASE)),
    ("follow_ups", re.compile(r"follow[-_ ]?up", re.IGNORECASE)),
    ("tags", re.compile(r"\btags\b", re.IGNORECASE)),
    ("queries", re.compile(r"\bqueries\b", re.IGNORECASE)),
    ("text", re.compile(r"autocomplet", re.IGNORECASE)),
)
_JSON = re.compile(r"\bJSON\b")


def side_answer(message: str, title: str) -> str | None:
    """What to answer a side call with, or None where the message is meant for the buyer."""
    if _TASK.match(message) or "<chat_history>" in message:
        wanted = next((name for name, given in _WANTED if given.search(message[:600])), "text")
    elif _TITLE.search(message[:600]):
        wanted = "title"
    else:
        return None
    if wanted == "title" and not _JSON.search(message):
        return title
    found: dict[str, object] = {"title": title, "tags": ["Sales practice"], "text": ""}
    return json.dumps({wanted: found.get(wanted, [])})
