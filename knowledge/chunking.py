"""Where a text may be cut: its sentences (for quoting), its passages (for finding). Pure.

Everything here is a span ``(start, end)`` in code points: ``text[start:end]`` is the sentence or
the passage, verbatim, without white space around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

SHORTEST = 40  # words: shorter neighbours are joined
LONGEST = 180  # words: about the 256 tokens the embedder reads
LONGEST_CHARACTERS = 1_600  # the same for scripts that don't put spaces between words

PAGE_BREAK = "\f"  # no passage reaches over it

# Never at the end of a sentence, whatever follows.
_ALWAYS = frozenset(
    """e.g eg i.e ie mr mrs ms dr prof st vs approx incl excl cf fig resp dept est ext
    z.b d.h bzw ca vgl""".split()  # noqa: SIM905  a word list reads better than quoted items
)
# At the end of a sentence only when a capital follows.
_SOMETIMES = frozenset(
    """etc inc ltd corp co gmbh plc llc jr sr a.m p.m u.s u.k e.u usw jan feb mar apr jun jul aug
    sep sept oct nov dec min max avg std""".split()  # noqa: SIM905  as above
)
_BEFORE_NUMBER = frozenset({"no", "nr", "art", "sec", "pp", "vol", "ch"})

_MARKER = re.compile(r"[ \t]*(?:(?:[-*+•‣◦▪–—>]|#{1,6}|\(?\d{1,3}[.)]|[a-zA-Z]\))[ \t]+)+")
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]")
_TERMINATOR = re.compile(r"(?:[.!?…]+|[。！？]+)[\"'”’»)\]*_]*")
_OPENING = re.compile(r"\s+[\"'“‘«(\[*_]*")
_LAST_WORDS = re.compile(r"(?:(\w)\w*\W+)?([\w.&]+)$")
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_GAP = re.compile(r"\n[ \t\r]*\n\s*")
_LOOK_BACK = 40
# A line this long that doesn't end a sentence was wrapped by an editor.
_WRAPPED_AT, _WRAPPED_BEFORE_LOWER_CASE_AT = 60, 40


def sentences(text: str) -> list[Span]:
    """Spans of the sentences, in order; list markers and heading signs are left out.

    A line break ends a sentence unless the line was merely wrapped. Abbreviations, initials,
    decimals and dots inside words end none.
    """
    return [span for block in _blocks(text) for span in _in_block(text, *block)]


def passages(text: str) -> list[Span]:
    """Spans of about 40 to 180 words that follow the paragraphs and headings of ``text``."""
    joined: list[Span] = []
    for section in _sections(text):
        for span in _packed(text, [piece for part in section for piece in _fitting(text, part)]):
            last = joined[-1] if joined else None
            if (
                last
                and PAGE_BREAK not in text[last[1] : span[0]]
                and (_short(text, span) or _short(text, last))
                and _fits(text, last[0], span[1])
            ):
                joined[-1] = (last[0], span[1])
            else:
                joined.append(span)
    return joined


def _blocks(text: str) -> Iterator[Span]:
    """Runs of lines that are read as one: a paragraph, a bullet, a heading."""
    start = end = -1
    for line in _LINE.finditer(text):
        span = _stripped(text, *line.span())
        marker = _MARKER.match(text, line.start(), line.end())
        if span is None:
            continue
        if start >= 0 and (marker or not _continues(text, (start, end), span)):
            yield start, end
            start = -1
        if start < 0:
            unmarked = _stripped(text, marker.end() if marker else span[0], span[1])
            start = (unmarked or span)[0]
        end = span[1]
        if _HEADING.match(text, line.start(), line.end()):
            yield start, end
            start = -1
    if start >= 0:
        yield start, end


def _continues(text: str, block: Span, line: Span) -> bool:
    """True when ``line`` only wraps the sentence that ``block`` left open."""
    gap = text[block[1] : line[0]]
    if len(re.findall(r"\r\n|[^ \t]", gap)) > 1 or text[block[1] - 1] in ".!?:;…。！？":
        return False
    last_line = block[1] - max(text.rfind("\n", block[0], block[1]) + 1, block[0])
    lower = text[line[0]].islower()
    return last_line >= (_WRAPPED_BEFORE_LOWER_CASE_AT if lower else _WRAPPED_AT)


def _in_block(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _TERMINATOR.finditer(text, start, end):
        if match.end() < end and _ends_sentence(text, start, match, end):
            span = _stripped(text, start, match.end())
            if span:
                yield span
            start = match.end()
    span = _stripped(text, start, end)
    if span:
        yield span


def _ends_sentence(text: str, start: int, match: re.Match[str], end: int) -> bool:
    mark = match.group()
    if mark[0] in "。！？":
        return True
    opening = _OPENING.match(text, match.end(), end)
    if not opening:
        return False
    following = text[opening.end() : opening.end() + 1]
    if mark in {"...", "…"} or mark[-1] not in ".!?…":  # trailing off, or a closed quotation
        return not following.islower()
    before = text[max(start, match.start() - _LOOK_BACK) : match.start()]
    return mark != "." or _full_stop(before, following)


def _full_stop(before: str, following: str) -> bool:
    """True unless the dot after ``before`` belongs to an abbreviation or an initial."""
    found = _LAST_WORDS.search(before)
    earlier, word = found.groups() if found else (None, "")
    lower = word.lower()
    if lower in _ALWAYS or (lower in _BEFORE_NUMBER and following.isdigit()):
        return False
    if lower in _SOMETIMES:
        return following.isupper()
    initial = len(word) == 1 and word.isupper() and word != "I"
    return not (initial and following.isupper() and (earlier is None or earlier.isupper()))


def _sections(text: str) -> Iterator[list[Span]]:
    """Paragraphs, grouped under the heading they stand below."""
    section: list[Span] = []
    starts = [0, *(match.end() for match in _GAP.finditer(text))]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        span = _stripped(text, start, end)
        if span is None:
            continue
        new_page = section and PAGE_BREAK in text[section[-1][1] : span[0]]
        if section and (new_page or _HEADING.match(text, span[0])):
            yield section
            section = []
        section.append(span)
    if section:
        yield section


def _fitting(text: str, span: Span) -> list[Span]:
    """``span`` whole when it fits a passage, else cut at sentences, else at words."""
    if _fits(text, *span):
        return [span]
    pieces: list[Span] = []
    shift, _ = span
    for start, end in sentences(text[shift : span[1]]):
        pieces.extend(_cut(text, start + shift, end + shift))
    # Whatever stands between two sentences (a list marker) goes with the one after it, which may
    # be a word too long for it.
    ends = [end for _, end in pieces]
    starts = [shift, *(_skip(text, end) for end in ends[:-1])]
    joined = zip(starts, [*ends[:-1], span[1]], strict=True)
    return [part for start, end in joined for part in _cut(text, start, end)]


def _skip(text: str, position: int) -> int:
    while text[position].isspace():
        position += 1
    return position


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    while not _fits(text, start, end):
        window = text[start : start + LONGEST_CHARACTERS + 1]
        words = [match.end() for match in re.finditer(r"\S+", window)]
        limit = words[:LONGEST][-1] if len(words) > LONGEST else LONGEST_CHARACTERS
        fitting = [word for word in words if word <= limit and word < end - start]
        stop = start + (fitting[-1] if fitting else limit)
        yield start, stop
        start = _skip(text, stop)
    yield start, end


def _packed(text: str, pieces: list[Span]) -> Iterator[Span]:
    """Neighbours joined until each has at least ``SHORTEST`` words."""
    open_span: Span | None = None
    for start, end in pieces:
        if open_span and _short(text, open_span) and _fits(text, open_span[0], end):
            open_span = (open_span[0], end)
            continue
        if open_span:
            yield open_span
        open_span = (start, end)
    if open_span:
        yield open_span


def _words(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())


def _short(text: str, span: Span) -> bool:
    return _words(text, *span) < SHORTEST


def _fits(text: str, start: int, end: int) -> bool:
    return end - start <= LONGEST_CHARACTERS and _words(text, start, end) <= LONGEST


def _stripped(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends, or None when nothing else is in it."""
    content = text[start:end]
    left = len(content) - len(content.lstrip())
    right = len(content.rstrip())
    return None if left >= right else (start + left, start + right)
