"""Is every number and name of a text covered by the quotes it cites? Pure; trusts no engine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from knowledge.chunking import sentences

NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*%?")
NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|third|quarter|double[ds]?|triple[ds]?|twice)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"[^\W\d_](?:[\w&’'.\-]*\w)?")
#: Capitalised words that name nobody.
PLAIN = frozenset(
    [
        "I",
        "I'm",
        "I'd",
        "I'll",
        "I've",
        "I’m",
        "I’d",
        "I’ll",
        "I’ve",
        "OK",
        "ROI",
        "CRM",
        "IT",
        "API",
        "SLA",
        "FAQ",
        "AI",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ]
)


@lru_cache(maxsize=2_048)  # the same quotes are weighed for every answer
def figures(text: str) -> frozenset[str]:
    """Numbers as written, without thousands separators."""
    return frozenset(
        re.sub(r"[\u00a0\u202f,](?=\d{3})", "", n).rstrip("%") for n in NUMBER.findall(text)
    )


@lru_cache(maxsize=2_048)  # as above
def names(text: str) -> frozenset[str]:
    """Capitalised words that aren't just the first of a sentence, and words with inner capitals."""
    found: set[str] = set()
    for start, end in sentences(text):
        for i, match in enumerate(NAME.finditer(text[start:end])):
            word = match.group().removesuffix("'s").removesuffix("’s")
            inner = any(ch.isupper() for ch in word[1:])
            after_mark = text[start : start + match.start()].rstrip()[-1:] in ':“"('
            if inner or (word[:1].isupper() and i > 0 and not after_mark):
                found.add(word)
    return frozenset(found - PLAIN)


def uncovered(text: str, quotes: Iterable[str], given: str = "") -> frozenset[str]:
    """Numbers and names of ``text`` that stand neither in a quote nor in what was ``given``
    (the customer's own words). Empty means: grounded."""
    own = text
    for quote in quotes:  # what is quoted to the letter is covered; what follows starts afresh
        own = own.replace(quote, "\n\n")
    known = f"{' '.join(quotes)} {given}"
    missing = figures(own) - figures(known)
    folded = {w.casefold() for w in NAME.findall(known)}
    folded |= {w.removesuffix("'s").removesuffix("’s") for w in folded}
    missing |= {n for n in names(own) if n.casefold() not in folded}
    words = {w.casefold() for w in NUMBER_WORD.findall(own)}
    return missing | {w for w in words if w not in known.casefold()}
