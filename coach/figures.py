"""Figures in a text: amounts, shares, durations, dates and counts, and when two of them agree."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from coach.cues import GLUE
from knowledge.lexical import content_words

I = re.IGNORECASE  # noqa: E741  read in the patterns below


class Bound(StrEnum):
    """What the words before a figure make of it."""

    EXACT = ""
    ABOUT = "about"
    UP_TO = "up to"
    AT_LEAST = "at least"
    OVER = "over"
    UNDER = "under"


class Match(StrEnum):
    SAME = "same"
    INFLATED = "inflated"  # the same figure, without the words that limit it
    NEAR = "near"  # a little more than the figure
    OTHER = "other"  # the same unit and another value
    APART = "apart"  # another unit: not comparable


@dataclass(frozen=True)
class Figure:
    """``value`` in ``unit``; durations are in seconds, dates in year * 10000 + month * 100 + day.

    ``nouns`` are the stems of what is counted.
    """

    value: float
    unit: str
    span: tuple[int, int]
    bound: Bound = Bound.EXACT
    nouns: frozenset[str] = frozenset()
    digits: int = 0  # significant ones, as written
    became: bool = False  # the second of "from A to B"


PERCENT, DURATION, DATE, COUNT, TIMES, RATIO, ALL_DAY = "%", "s", "date", "", "x", "of", "24/7"

_UNITS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SUFFIXES = {
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "bn": 1e9,
    **{w: float(n) for w, n in _SCALES.items()},
}
_SECONDS = {
    "second": 1.0, "sec": 1.0, "minute": 60.0, "min": 60.0, "hour": 3_600.0, "hr": 3_600.0,
    "day": 86_400.0, "week": 604_800.0, "fortnight": 1_209_600.0, "month": 2_629_800.0,
    "year": 31_557_600.0, "yr": 31_557_600.0,
}  # fmt: skip
_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP",
    "pound": "GBP", "pounds": "GBP", "quid": "GBP", "$": "USD", "usd": "USD", "dollar": "USD",
    "dollars": "USD",
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sep sept", "october oct", "november nov", "december dec"), 1
    )
    for name in names.split()
}  # fmt: skip
_FRACTIONS = (
    (re.compile(r"\btwo[ -]thirds\b", I), 66.7),
    (re.compile(r"\bthree[ -]quarters\b", I), 75.0),
    (re.compile(r"\b(?:a|one)[ -]third\b(?! part)", I), 33.3),
    (re.compile(r"\ba quarter (?=of\b|less|fewer|more|cheaper|faster)", I), 25.0),
    (
        re.compile(r"\bhalved\b|\b(?:by|in) half\b|\bhalf (?=of\b|the\b|our\b|their\b|as\b)", I),
        50.0,
    ),
)
_TIMES = (
    (re.compile(r"\b(?:doubl(?:e|ed|es|ing)|twice)\b", I), 2.0),
    (re.compile(r"\b(?:tripl(?:e|ed|es|ing)|three times)\b", I), 3.0),
)

_WORDS = "|".join((*_UNITS, *_TENS))
_SPELLED = rf"(?:(?:{_WORDS})(?:[ -](?:{_WORDS}))?(?:\s+hundred(?:\s+and\s+(?:{_WORDS})(?:[ -](?:{_WORDS}))?)?)?(?:\s+(?:thousand|million|billion))?|(?:a|one)\s+(?:hundred|thousand|million|dozen)|a dozen)"
_DIGITS = r"[0-9]{1,3}(?:[,  ’'][0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]{1,3})?"
_NUMBER = rf"(?:{_DIGITS}|\b{_SPELLED}\b)"
_SUFFIX = r"(?:\s?(?:k|mn|mio|bn|m)\b|\s+(?:thousand|million|billion|hundred)\b)?"
_TIME = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|fortnights?|months?|years?|yrs?)"
)
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))

_ALL_DAY = re.compile(
    r"\b24\s?[/x]\s?7\b|\b(?:24|twenty[- ]four)[ -]hours? (?:a|per) day(?:,? (?:and )?(?:7|seven) days (?:a|per) week)?"
    r"|\b(?:a)?round[- ]the[- ]clock\b|\bday and night\b|\bnight and day\b|\bat any hour\b", I
)  # fmt: skip
_OFFICE_HOURS = re.compile(
    r"\b(?:business|office|working)[ -]hours\b|\bnine[- ]to[- ]five\b|\b9[- ]to[- ]5\b|\b[0-9]{1,2}:[0-9]{2} (?:to|until|till) [0-9]{1,2}:[0-9]{2}\b",
    I,
)
_CLOCK = re.compile(r"\b[0-9]{1,2}:[0-9]{2}\b|\b[0-9]{1,2} ?(?:am|pm|o['’]clock)\b", I)
_DATES = re.compile(
    rf"\b(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})\b\.?,?\s*(?P<y1>(?:19|20)[0-9]{{2}})?\b"
    rf"|\b(?P<m2>{_MONTH})\s+(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y2>(?:19|20)[0-9]{{2}})\b)?(?![0-9])"
    rf"|\b(?P<m3>{_MONTH})\s+(?:of\s+)?(?P<y3>(?:19|20)[0-9]{{2}})\b"
    rf"|\b(?P<y4>(?:19|20)[0-9]{{2}})\b(?!\s*(?:users|customers|people|employees|EUR|GBP|%))", I
)  # fmt: skip
_BARE_MONTH = re.compile(
    r"\b(?:in|since|by|until|of|last|early|late|mid)[ -](January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_RATIO = re.compile(
    rf"(?P<a>{_NUMBER})\s*(?:(?:out )?of (?:the |its |our |their |all )?|/)\s?(?P<b>{_NUMBER})(?![0-9%])",
    I,
)
_ONE_IN = re.compile(rf"\b(?:one|1|every)(?: \w+)? in (?P<n>{_NUMBER})\b", I)
_MONEY = re.compile(
    rf"(?P<sign>[€£$]|\b(?:EUR|GBP|USD)\b)\s?(?P<n1>{_NUMBER})(?P<s1>{_SUFFIX})"
    rf"|(?P<n2>{_NUMBER})(?P<s2>{_SUFFIX})\s?(?P<word>€|£|\$|\b(?:EUR|GBP|USD|euros?|pounds?|quid|dollars?)\b)", I
)  # fmt: skip
_SHARE = re.compile(
    rf"(?P<n>{_NUMBER})\s?(?:%|per ?cent\b|percent\b|pct\b|percentage points?\b|p\.?p\.?\b)", I
)
_LONG = re.compile(
    rf"(?P<n>{_NUMBER})(?:\s|-)?(?:(?:working|business|calendar|quiet|full|whole)[ -])?(?P<u>{_TIME})\b(?!['’]s)",
    I,
)
_HALF = re.compile(
    r"\bhalf (?:an? )(?P<u>day|hour|minute|year)\b|\b(?P<w>(?:within|in|under|than) (?:an?|one)) (?P<v>hour|minute|day|week|month|year)\b",
    I,
)
_PLAIN = re.compile(rf"(?<![\w.,])(?<!ISO )(?<!page )(?P<n>{_NUMBER})(?P<s>{_SUFFIX})(?![\w%])", I)
_PAIR = re.compile(
    r"\s*(?:%|percent|per cent)?\s*(?:down |up )?(?:to|and|-|–|—|→|->|or)\s*(?:just |only |about )?$",
    I,
)
_FROM_TO = re.compile(
    r"\s*(?:\w+\s){0,3}?(?:down |up )?(?:to|-|–|→|->)\s*(?:just |only |about |nearly )?$", I
)
_COUNTED = re.compile(r"\s*((?:[^\W\d_][\w&’'-]*[ ]?){1,4})")

_BOUNDS = (
    (Bound.UP_TO, re.compile(r"\b(?:up to|as much as|as many as|at most|a maximum of|maximum|max\.?)\s*$", I)),
    (Bound.AT_LEAST, re.compile(r"\b(?:at least|a minimum of|minimum|no fewer than|not less than)\s*$", I)),
    (Bound.UNDER, re.compile(r"\b(?:less than|under|below|within|fewer than|no more than|not more than|well under|in under)\s*$", I)),
    (Bound.OVER, re.compile(r"\b(?:more than|over|above|beyond|upwards of|well over|north of)\s*$", I)),
    (Bound.ABOUT, re.compile(r"(?:\b(?:about|around|roughly|approximately|approx\.?|some|nearly|almost|close to|circa|or so|just over|just under|a little over|a little under|like)|~)\s*$", I)),
)  # fmt: skip

_SAME_THINGS = (
    {"customer", "client", "business", "company", "account", "organisation", "organization"},
    {"people", "person", "staff", "employee", "colleague", "worker", "agent", "user", "seat"},
    {"site", "location", "clinic", "depot", "shop", "store", "branch", "plant", "office", "hotel", "terminal", "centre", "hospital", "facility", "property", "resort", "outlet"},
    {"language", "tongue"},
    {"country", "market", "nation"},
    {"ticket", "request"},
    {"datacentre", "centre", "site", "data"},
)  # fmt: skip


@lru_cache(maxsize=20_000)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of ``text`` in order of place; no two overlap."""
    found: list[Figure] = []
    taken = bytearray(len(text))
    for reader in (
        _all_day,
        _dates,
        _moneys,
        _shares,
        _one_in,
        _ratios,
        _durations,
        _fractions,
        _counts,
    ):
        for figure in reader(text):
            start, end = figure.span
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(_bounded(text, figure))
    found.sort(key=lambda figure: figure.span)
    return tuple(_paired(text, _composed(text, found)))


def compare(said: Figure, fact: Figure) -> Match:
    """How what was said agrees with a figure of the evidence."""
    if not _comparable(said, fact):
        return Match.APART
    if said.unit == DATE:
        return Match.SAME if _same_date(said.value, fact.value) else Match.OTHER
    if _within(said, fact):
        return Match.INFLATED if _unlimited(said, fact) else Match.SAME
    if said.bound is Bound.OVER and said.value == fact.value:
        return Match.INFLATED
    return Match.NEAR if fact.value < said.value <= fact.value * 1.15 else Match.OTHER


def same_things(some: frozenset[str], others: frozenset[str]) -> bool:
    """True when two counts may count the same thing."""
    if not some or not others or some & others:
        return True
    return any(some & group and others & group for group in _SAME_THINGS)


def _comparable(said: Figure, fact: Figure) -> bool:
    if said.unit != fact.unit:
        bare = COUNT in (said.unit, fact.unit) and not (said.nouns or fact.nouns)
        return bare and said.value == fact.value
    return said.unit not in {COUNT, RATIO} or same_things(said.nouns, fact.nouns)


def _same_date(one: float, other: float) -> bool:
    parts = [
        (one // 10_000, other // 10_000),
        (one // 100 % 100, other // 100 % 100),
        (one % 100, other % 100),
    ]
    known = [(a, b) for a, b in parts if a and b]
    return bool(known) and all(a == b for a, b in known)


def _within(said: Figure, fact: Figure) -> bool:
    if fact.value == 0 or said.value == 0:
        return fact.value == said.value
    ratio = said.value / fact.value
    if said.bound in {Bound.OVER, Bound.AT_LEAST}:
        return 0.75 <= ratio < 1 or (ratio == 1 and said.bound is fact.bound)
    if said.bound is Bound.UNDER:
        return 1 <= ratio <= 1.6
    if said.bound is Bound.ABOUT:
        return abs(ratio - 1) <= 0.08
    return abs(ratio - 1) <= _rounding(said, fact)


def _rounding(said: Figure, fact: Figure) -> float:
    """How far off a plain figure may be: not at all unless it was visibly rounded."""
    if said.unit == DURATION:
        return 0.02  # a month is 30 days, a year twelve months
    if fact.unit == PERCENT and fact.value > 95:
        return 0.001 if said.digits < fact.digits and said.value < fact.value else 1e-6
    return 0.015 if 0 < said.digits < fact.digits else 1e-6


def _unlimited(said: Figure, fact: Figure) -> bool:
    """True when the evidence limits the figure and the words said don't."""
    if fact.bound is Bound.UP_TO:
        return said.bound not in {Bound.UP_TO, Bound.UNDER}
    if fact.bound is Bound.AT_LEAST and fact.unit == DURATION:
        return said.bound not in {Bound.AT_LEAST, Bound.OVER}
    return False


def _all_day(text: str) -> list[Figure]:
    found = [Figure(1.0, ALL_DAY, match.span()) for match in _ALL_DAY.finditer(text)]
    found += [Figure(0.0, ALL_DAY, match.span()) for match in _OFFICE_HOURS.finditer(text)]
    found += [Figure(-1.0, "clock", match.span()) for match in _CLOCK.finditer(text)]
    return found


def _dates(text: str) -> list[Figure]:
    found = []
    for match in _DATES.finditer(text):
        part = {name[0]: value for name, value in match.groupdict().items() if value}
        month = _MONTHS.get(part.get("m", "").lower(), 0)
        value = int(part.get("y", 0)) * 10_000 + month * 100 + int(part.get("d", 0))
        found.append(Figure(value, DATE, match.span()))
    for match in _BARE_MONTH.finditer(text):
        found.append(Figure(_MONTHS[match.group(1).lower()] * 100, DATE, match.span(1)))
    return found


def _moneys(text: str) -> list[Figure]:
    found = []
    for match in _MONEY.finditer(text):
        number, suffix = (match["n1"], match["s1"]) if match["n1"] else (match["n2"], match["s2"])
        currency = _CURRENCIES[(match["sign"] or match["word"]).lower()]
        if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+", number):  # 184.800 as on the Continent
            number = number.replace(".", "")
        found.append(_figure(number, currency, match.span(), suffix or ""))
    return found


def _shares(text: str) -> list[Figure]:
    return [_figure(match["n"], PERCENT, match.span()) for match in _SHARE.finditer(text)]


def _one_in(text: str) -> list[Figure]:
    return [
        Figure(100 / number, PERCENT, match.span(), digits=1)
        for match in _ONE_IN.finditer(text)
        if (number := _value(match["n"])[0]) > 1
    ]


def _ratios(text: str) -> list[Figure]:
    found = []
    for match in _RATIO.finditer(text):
        whole = _value(match["b"])[0]
        figure = _figure(match["a"], RATIO, match.span())
        if 0 < whole < 1e6:
            found.append(replace(figure, nouns=frozenset({f"{whole:g}"})))
    return found


def _durations(text: str) -> list[Figure]:
    found = []
    for match in _LONG.finditer(text):
        scale = _SECONDS[match["u"].lower().removesuffix("s")]
        figure = _figure(match["n"], DURATION, match.span())
        found.append(replace(figure, value=figure.value * scale))
    for match in _HALF.finditer(text):
        half = 0.5 if match["u"] else 1.0
        scale = _SECONDS[(match["u"] or match["v"]).lower()]
        start = match.start() if match["u"] else match.start("v")
        found.append(Figure(half * scale, DURATION, (start, match.end()), digits=1))
    return found


def _fractions(text: str) -> list[Figure]:
    found = []
    for table, unit in ((_FRACTIONS, PERCENT), (_TIMES, TIMES)):
        for pattern, value in table:
            found += [
                Figure(value, unit, match.span(), Bound.ABOUT, digits=2)
                for match in pattern.finditer(text)
            ]
    return found


def _counts(text: str) -> list[Figure]:
    found = []
    for match in _PLAIN.finditer(text):
        if match["n"].lower() == "one" and not match["s"]:
            continue  # a pronoun far more often than a figure
        following = _COUNTED.match(text, match.end())
        nouns = _nouns(following.group(1)) if following else frozenset()
        figure = _figure(match["n"], COUNT, match.span(), match["s"] or "")
        found.append(replace(figure, nouns=nouns))
    return found


def _nouns(words: str) -> frozenset[str]:
    """What is counted: the words up to the next small one."""
    counted = list(takewhile(lambda word: word.lower() not in GLUE, words.split()))
    return frozenset(content_words(" ".join(counted))[:3])


def _figure(number: str, unit: str, span: tuple[int, int], suffix: str = "") -> Figure:
    value, digits = _value(number)
    return Figure(value * _SUFFIXES.get(suffix.strip().lower(), 1.0), unit, span, digits=digits)


def _value(number: str) -> tuple[float, int]:
    """The number and how many significant digits it was written with."""
    if number[0] in "0123456789":
        plain = re.sub(r"[  ’']|,(?=[0-9]{3}(?:\D|$))", "", number).replace(",", ".")
        return float(plain), len(plain.replace(".", "").strip("0")) or 1
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+", number.lower()):
        if word in _SCALES:
            current = (current or 1) * _SCALES[word]
            if _SCALES[word] >= 1_000:
                total, current = total + current, 0.0
        elif word == "dozen":
            current = 12.0
        else:
            current += _UNITS.get(word, _TENS.get(word, 0))
    total += current
    return total, len(f"{total:g}".strip("0")) or 1


def _bounded(text: str, figure: Figure) -> Figure:
    before = text[max(0, figure.span[0] - 24) : figure.span[0]]
    return next((replace(figure, bound=bound) for bound, p in _BOUNDS if p.search(before)), figure)


def _composed(text: str, found: list[Figure]) -> list[Figure]:
    """ "2 minutes 45 seconds" as one figure."""
    joined: list[Figure] = []
    for figure in found:
        last = joined[-1] if joined else None
        if (
            last and last.unit == figure.unit == DURATION and figure.value < last.value
            and text[last.span[1] : figure.span[0]].strip() in {"", "and"}
        ):  # fmt: skip
            joined[-1] = replace(
                last, value=last.value + figure.value, span=(last.span[0], figure.span[1]), digits=3
            )
        else:
            joined.append(figure)
    return joined


def _paired(text: str, found: list[Figure]) -> list[Figure]:
    """The unit of "from 18 to 6 percent" for both, and which of them is the new value."""
    for position in range(1, len(found)):
        first, second = found[position - 1], found[position]
        between = text[first.span[1] : second.span[0]]
        if len(between) > 40:
            continue
        if first.unit == COUNT and not (first.nouns - {"to"}) and _PAIR.fullmatch(between):
            scale = _scale_of(text, second)
            first = found[position - 1] = replace(
                first, value=first.value * scale, unit=second.unit, nouns=second.nouns
            )
        if first.unit == second.unit and _FROM_TO.fullmatch(between):
            found[position] = replace(second, became=True)
    return found


def _scale_of(text: str, figure: Figure) -> float:
    """The length of the unit that a duration was written in."""
    if figure.unit != DURATION:
        return 1.0
    word = re.findall(rf"{_TIME}\b", text[slice(*figure.span)], I)
    return _SECONDS[word[-1].lower().removesuffix("s")] if word else 1.0
