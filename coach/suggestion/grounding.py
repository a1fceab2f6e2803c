"""Is every number and name of a text covered by the quotes it cites? Pure; trusts no engine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from knowledge.chunking import sentences

NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*%?")
NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|dozens?|hundreds?|thousands?|millions?|billions?|half|third|quarter|percent"
    r"|double[ds]?|triple[ds]?|twice|tenfold)\b",
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

_ORDINARY = re.compile(
    r"\w+(?:ing|ly)|"
    + "|".join(
        """a an the and or but nor so if then though although while when whenever where wherever
        whether because since until unless once before after besides beside between among during
        despite without within with from for of on in at by to as up out over under about above
        against instead rather otherwise meanwhile however therefore still yet even only just also
        too here there now today tomorrow yesterday soon later first second last next again always
        often sometimes never perhaps maybe please thanks thank sorry yes no not nothing nobody
        none neither either both all any anything anybody anyone each every everything everybody
        everyone some something somebody someone such same other others another many most more much
        few fewer less least enough one ones this that these those it its he she they them their
        we us our ours you your yours my mine i who whoever whose whom what whatever which whichever why
        how is isn are aren was were be been being am do don does doesn did didn has hasn have
        haven had can could couldn may might must shall should will won would wouldn let ask call
        tell say see take try check compare read ring give keep leave make put set go come look
        think imagine suppose consider start begin choose pick agree decide good great fair true
        right sure glad happy better best worse new old big small short long real plain clear
        people those thing things time money numbers number figures facts proof point question
        questions answer reason reasons money well oh okay fine listen hm hello hi dear welcome""".split()  # noqa: SIM905
    ),
    re.IGNORECASE,
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


def _strange_openings(text: str) -> set[str]:
    """First words of sentences that may name somebody: what opens no ordinary sentence."""
    found = (NAME.search(text[start:end]) for start, end in sentences(text))
    words = {re.split(r"['’]", match.group())[0] for match in found if match}
    return {w for w in words if w[:1].isupper() and not _ORDINARY.fullmatch(w) and w not in PLAIN}


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
    missing |= {n for n in names(own) | _strange_openings(own) if n.casefold() not in folded}
    words = {w.casefold() for w in NUMBER_WORD.findall(own)}
    return missing | {w for w in words if w not in known.casefold()}
