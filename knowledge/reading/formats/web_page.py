"""HTML: what a reader of the page sees; scripts, menus and hidden parts are dropped."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from knowledge.reading.decoding import decoded
from knowledge.reading.documents import document
from knowledge.reading.fields import Record
from knowledge.reading.located import Rows
from knowledge.reading.markup import Markup

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_PUBLISHED = ("article:modified_time", "article:published_time", "date", "dc.date")


def rows(content: bytes, path: Path) -> Rows:
    page = Markup(_decoded(content, path.name))
    title = " ".join(page.title.split()) or page.meta.get("og:title")
    guesses: Record = {}
    if address := page.meta.get("canonical") or page.meta.get("og:url"):
        guesses["source"] = address
    if day := next((page.meta[name] for name in _PUBLISHED if page.meta.get(name)), None):
        guesses["as_of"] = day
    yield document(page.text, path, title, guesses)


def _decoded(content: bytes, name: str) -> str:
    said = _CHARSET.search(content[:2_048])
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if said and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            with suppress(LookupError, UnicodeError):  # a wrong name: judged by its bytes
                content = content.decode(said[1].decode("ascii")).encode("utf-8")
    return decoded(content, name)
