"""Who is ahead, out of what somebody wrote about it. In doubt it is never us. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from knowledge.evidence import Advantage

_LEVEL = re.compile(
    r"\b(?:similar|same|equal|even|tie|tied|draw|comparable|parity|on par|neither"
    r"|no (?:\w+ )?(?:advantage|difference|winner))\b"
)
_OPEN = re.compile(
    r"\b(?:but|however|although|though|mixed|both|depends?|unless|except|hardly|behind|lacks?|loses?"
    r"|lost|trails?|weaker|worse|inferior|(?:is|are) not|isn't|aren't)\b"
)
_US = re.compile(r"(?:us|we|ours?|ourselves)\b")
_THEM = re.compile(r"(?:them|they|theirs?|competitors?)\b")
_NAME = re.compile(r"[A-ZÀ-Þ][\w&-]+")
_NO_NAMES = frozenset(
    {
        "the",
        "there",
        "similar",
        "same",
        "both",
        "neither",
        "currently",
        "no",
        "yes",
        "we",
        "us",
        "our",
    }
)


def advantage_of(said: str, competitor: str | None, vendor: str | None) -> Advantage:
    """``US`` only when ``said`` opens with us and neither hedges nor names the competitor."""
    text = said.casefold().replace("’", "'")
    if _LEVEL.search(text):
        return Advantage.SIMILAR
    ours = bool(_US.match(text)) or bool(vendor and _opens_with(text, vendor))
    if (competitor and _names(text, competitor, vendor)) or _THEM.match(text):
        theirs = bool(_THEM.match(text)) or bool(competitor and _opens_with(text, competitor))
        named_us = ours or bool(vendor and _names(text, vendor, None))
        return Advantage.THEM if theirs and not named_us and not _but(text) else Advantage.MIXED
    if ours:
        return Advantage.MIXED if _but(text) else Advantage.US
    named_us = bool(vendor and _names(text, vendor, None))
    return Advantage.MIXED if named_us else Advantage.UNSTATED


def vendor_of(rows: Iterable[Mapping[str, str | None]]) -> str | None:
    """Our own name, where a whole table of comparisons shows it, else None.

    It is the name that most often opens ``advantage``, is no row's competitor, and stands in
    our column more often than in theirs.
    """
    rows = [row for row in rows if row["advantage"]]
    if not rows or not all(row["competitor"] for row in rows):
        return None
    rivals = [str(row["competitor"]).casefold() for row in rows]
    names = Counter(
        match.group()
        for row in rows
        if (match := _NAME.match(str(row["advantage"])))
        and match.group().casefold() not in _NO_NAMES
        and not any(match.group().casefold() in rival for rival in rivals)
    )
    if not names:
        return None
    name, times = names.most_common(1)[0]
    ours, theirs = (
        sum(_names((row[side] or "").casefold(), name, None) for row in rows)
        for side in ("us", "them")
    )
    return name if times >= 2 and ours > theirs else None


def _but(text: str) -> bool:
    return bool(_OPEN.search(text))


def _opens_with(text: str, name: str) -> bool:
    return bool(re.match(rf"(?:the |currently,? )?{re.escape(name.casefold())}\b", text))


def _names(text: str, name: str, other: str | None) -> bool:
    """True when ``text`` has ``name``, or any longer word of it that isn't in ``other``."""
    words = [word for word in re.findall(r"\w+", name.casefold()) if len(word) > 3]
    shared = (other or "").casefold()
    return any(
        re.search(rf"\b{re.escape(word)}", text)
        for word in [name.casefold(), *words]
        if word not in shared
    )
