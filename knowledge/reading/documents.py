"""A document to one record: its text, its title, and what it plainly says about itself. Pure.

Nothing here is a field that somebody filled in: each is a guess and is marked as inferred. What
would be dangerous to guess wrong (an expiry, who may see it) is an error when it can't be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from knowledge.errors import InvalidEvidence, UnreadableFile
from knowledge.reading.fields import FIELDS, KIND_NAMES, Record, key_of
from knowledge.reading.located import Located
from knowledge.reading.values import as_date

GUESSED = """customer sector region size competitor source owner as_of valid_until visibility
truth position""".split()  # noqa: SIM905  a word list reads better than quoted items
LABELS = {key: name for name in GUESSED for key in FIELDS[name].split() if key != "by"}
# Alone on its line, with the value on the next, as in the box beside a customer story.
ALONE = frozenset("industry sector location region country employees company_size".split())  # noqa: SIM905
STORY = frozenset("challenge problem situation solution approach result results outcome".split())  # noqa: SIM905
FIRST_LINES = 60
LONGEST_VALUE = 10  # words; a longer one is a sentence, not a value

_LABELLED = re.compile(r"[\s*•–—|-]*([^\W\d][\w /-]{1,30}?)\**\s*[:：]\**\s*(\S.*)")
_TITLED = re.compile(
    r"\W*(case study|customer story|success story|testimonial|battle ?card|comparison|rumou?r)"
    r"\s*[:–—|-]\s*(\S.*)",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"\W*(?:strictly |company |highly )?(?:confidential|internal(?: use)?(?: only)?|"
    r"for internal use(?: only)?|not for (?:external )?distribution|do not (?:share|distribute))"
    r"(?:\W+(?:do not (?:share|distribute|forward)|not for distribution|internal(?: use)? only))?"
    r"\W*",
    re.IGNORECASE,
)


def document(
    text: str, path: Path, title: str | None = None, guesses: Record | None = None, also: str = ""
) -> Located:
    """The one record of a document; ``also`` is read for marks of secrecy but isn't its text."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise UnreadableFile(f"{path.name} holds no text")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    heading = lines[0].lstrip("# ").strip() if len(lines[0]) <= 120 else ""
    if not lines[0].startswith("#") and title:
        heading = title
    heading = (heading or title or "")[:300]
    found = {**(guesses or {}), **_labelled(lines[:FIRST_LINES]), **_dates_read(guesses or {})}
    found = {**_from_title(heading), **found}
    if any(_SECRET.fullmatch(line) for line in [*lines, *also.splitlines()]):
        found["visibility"] = "internal"
    kind = found.get("kind") or _kind(lines, path)
    found.update({"kind": kind} if kind else {})
    return Located({"text": text, **({"title": heading} if heading else {})}, None, guesses=found)


def _labelled(lines: list[str]) -> Record:
    """What lines like ``Industry: Healthcare`` say, the first of each."""
    found: Record = {}
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        match = _LABELLED.fullmatch(line)
        if match:
            key, value = key_of(match[1]), match[2].strip(" *|")
        else:
            key, value = key_of(line), following
            if key not in ALONE or following.startswith("#"):
                continue
        if key in {"kind", "evidence_type", "document_type"} and key_of(value) in KIND_NAMES:
            found.setdefault("kind", value)
        name = LABELS.get(key)
        if name and _plain(name, value):
            found.setdefault(name, value)
    return found


def _plain(name: str, value: str) -> bool:
    if name == "as_of":
        return bool(_dates_read({name: value}))
    if name in {"valid_until", "visibility", "truth", "position"}:
        return True
    return len(value.split()) <= LONGEST_VALUE and not value.endswith((".", "?", "!", ":"))


def _dates_read(guesses: Record) -> Record:
    """``as_of`` when it is a date; a page's word for it may be anything."""
    try:
        day = as_date("as_of", guesses.get("as_of"))
    except InvalidEvidence:
        day = None
    return {"as_of": day} if day else {}


def _from_title(title: str) -> Record:
    match = _TITLED.fullmatch(title)
    if not match:
        return {}
    said, about = match[1].casefold().replace("battle card", "battlecard"), match[2]
    kind = KIND_NAMES.get(key_of(said))
    if not kind or len(about.split()) > 5:
        return {"kind": kind.value} if kind else {}
    field = "competitor" if kind == "competitive_fact" else "customer"
    return {"kind": kind.value, **({} if kind == "rumour" else {field: about})}


def kind_of_folder(path: Path) -> str | None:
    """The kind that the nearest folder is named for, if one is."""
    for folder in list(path.parts[:-1])[:-4:-1]:
        key = key_of(folder)
        names = (key, key.removesuffix("s"), re.sub("ies$", "y", key))
        kind = next((KIND_NAMES[name] for name in names if name in KIND_NAMES), None)
        if kind:
            return kind.value
    return None


def _kind(lines: Iterable[str], path: Path) -> str | None:
    """By its folder, else by headings of a customer story."""
    headings = {key_of(line) for line in lines} & STORY
    return kind_of_folder(path) or ("case_study" if len(headings) >= 2 else None)
