"""Figures in a text: amounts, shares, durations, dates and counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from coach.claims import number_words as spelling
from coach.claims.wording import BLAND, CANONICAL
from coach.perception.cues.language import GLUE
from knowledge.searching.lexical import content_words


class Bound(StrEnum):
    """What the words before a figure make of it."""

    EXACT = ""
    ABOUT = "about"
    UP_TO = "up to"
    AT_LEAST = "at least"
    OVER = "over"
    UNDER = "under"
    SOME = "some"  # "in minutes": one of the unit, or many
    MOST = "most"  # of all: more than half


PERCENT, DURATION, DATE, COUNT, TIMES, RATIO = "%", "s", "date", "", "x", "of"
ALL_DAY = "24/7"  # 1 round the clock, 0 in office hours
CLOCK = "clock"  # a time of day: an appointment, or opening hours


@dataclass(frozen=True)
class Figure:
    """``value`` in ``unit``: a currency, or one of the units above.

    Durations are in seconds, dates in year * 10000 + month * 100 + day with 0 for what isn't
    said. ``nouns`` are the stems of what is counted (of a ratio: the whole).
    """

    value: float
    unit: str
    span: tuple[int, int]
    bound: Bound = Bound.EXACT
    nouns: frozenset[str] = frozenset()
    digits: int = 0  # significant ones, as written
    became: bool = False  # the second of "from A to B"
    per: str = ""  # of an amount of money: "month", "year", or "once"


_BOUNDS = (
    (Bound.UP_TO, spelling.UP_TO),
    (Bound.AT_LEAST, spelling.AT_LEAST),
    (Bound.UNDER, spelling.UNDER),
    (Bound.OVER, spelling.OVER),
    (Bound.ABOUT, spelling.ABOUT),
)
_NO_NOUNS = BLAND | {"against", "versus", "instead", "apart", "together"}
_LOOK_BACK, _LOOK_BETWEEN = 24, 40
_CONTINENTAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")


@lru_cache(maxsize=20_000)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of ``text`` in order of place; no two overlap."""
    found: list[Figure] = []
    taken = bytearray(len(text))
    for reader in _READERS:
        for figure in reader(text):
            start, end = figure.span
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(_bounded(text, figure))
    found.sort(key=lambda figure: figure.span)
    return tuple(_rated(text, _paired(text, _composed(text, found))))


def _all_day(text: str) -> list[Figure]:
    always = [Figure(1.0, ALL_DAY, match.span()) for match in spelling.ALL_DAY.finditer(text)]
    office = [Figure(0.0, ALL_DAY, match.span()) for match in spelling.OFFICE_HOURS.finditer(text)]
    clock = [Figure(0.0, CLOCK, match.span()) for match in spelling.CLOCK.finditer(text)]
    return always + office + clock


def _dates(text: str) -> list[Figure]:
    found = []
    for match in spelling.DATES.finditer(text):
        part = {name[0]: value for name, value in match.groupdict().items() if value}
        month = spelling.MONTHS.get(part.get("m", "").lower(), 0)
        value = int(part.get("y", 0)) * 10_000 + month * 100 + int(part.get("d", 0))
        found.append(Figure(value, DATE, match.span()))
    for match in spelling.BARE_MONTH.finditer(text):
        found.append(Figure(spelling.MONTHS[match[1].lower()] * 100, DATE, match.span(1)))
    return found


def _moneys(text: str) -> list[Figure]:
    found = []
    for match in spelling.MONEY.finditer(text):
        number, suffix = (match["n1"] or match["n2"]), (match["s1"] or match["s2"] or "")
        currency = spelling.CURRENCIES[(match["sign"] or match["word"]).lower()]
        if _CONTINENTAL.fullmatch(number):
            number = number.replace(".", "")
        found.append(_figure(number, currency, match.span(), suffix))
    return found


def _shares(text: str) -> list[Figure]:
    return [_figure(match["n"], PERCENT, match.span()) for match in spelling.SHARE.finditer(text)]


def _some_in(text: str) -> list[Figure]:
    found = []
    for match in spelling.SOME_IN.finditer(text):
        some, of = _value(match["some"] or "1")[0], _value(match["n"] or match["of"])[0]
        if of > some:
            share = 100 * some / of
            found.append(Figure(share, PERCENT, match.span(), Bound.ABOUT, digits=1))
    return found


def _most(text: str) -> list[Figure]:
    return [Figure(50.0, PERCENT, m.span(), Bound.MOST) for m in spelling.MOST.finditer(text)]


def _ratios(text: str) -> list[Figure]:
    return [
        replace(_figure(match["a"], RATIO, match.span()), nouns=frozenset({f"{whole:g}"}))
        for match in spelling.RATIO.finditer(text)
        if (whole := _value(match["b"])[0]) > 0
    ]


def _durations(text: str) -> list[Figure]:
    found = []
    for match in spelling.LONG.finditer(text):
        figure = _figure(match["n"], DURATION, match.span())
        halves = 0.5 if match["half"] else 0.0
        found.append(replace(figure, value=(figure.value + halves) * _seconds(match["u"])))
    for match in spelling.VAGUE_TIME.finditer(text):
        span = match.span("u")
        found.append(Figure(_seconds(match["u"]), DURATION, span, Bound.SOME, digits=1))
    for match in spelling.A_UNIT.finditer(text):
        share = 0.5 if match["half"] else 1.0
        span = match.span() if match["half"] else match.span("one")
        value = share * _seconds(match["half"] or match["unit"])
        found.append(Figure(value, DURATION, span, digits=1))
    return found


def _parts_and_multiples(text: str) -> list[Figure]:
    return [
        Figure(value, unit, match.span(), Bound.ABOUT, digits=2)
        for table, unit in ((spelling.FRACTIONS, PERCENT), (spelling.MULTIPLES, TIMES))
        for pattern, value in table
        for match in pattern.finditer(text)
    ]


def _counts(text: str) -> list[Figure]:
    found = []
    for match in spelling.PLAIN.finditer(text):
        alone = match["n"].lower() == "one" and not match["s"]
        if alone and not spelling.JUST.search(text, 0, match.start()):
            continue  # a pronoun far more often than a figure
        if spelling.NO_COUNT.search(text, 0, match.start()):
            continue
        following = spelling.COUNTED.match(text, match.end())
        figure = _figure(match["n"], COUNT, match.span(), match["s"] or "")
        found.append(replace(figure, nouns=_nouns(following[1]) if following else frozenset()))
    return found


_READERS = (
    _all_day, _dates, _moneys, _shares, _some_in, _most, _ratios, _durations,
    _parts_and_multiples, _counts,
)  # fmt: skip


def _nouns(words: str) -> frozenset[str]:
    """What is counted: the words up to the next small one."""
    counted = list(takewhile(lambda word: word.lower() not in GLUE, words.split()))
    nouns = content_words(" ".join(counted))[:3]
    return frozenset(CANONICAL.get(noun, noun) for noun in nouns if noun not in _NO_NOUNS)


def _seconds(unit: str) -> float:
    return spelling.SECONDS[unit.lower().removesuffix("s")]


def _figure(number: str, unit: str, span: tuple[int, int], suffix: str = "") -> Figure:
    value, digits = _value(number)
    scale = spelling.SUFFIXES.get(suffix.strip().lower(), 1.0)
    return Figure(value * scale, unit, span, digits=digits)


def _value(number: str) -> tuple[float, int]:
    """The number and how many significant digits it was written with."""
    if number[0] in "0123456789":
        plain = re.sub(r"[  ’']|,(?=[0-9]{3}(?:\D|$))", "", number).replace(",", ".")
        return float(plain), len(plain.replace(".", "").strip("0")) or 1
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+", number.lower()):
        if word in spelling.SCALES:
            current = (current or 1) * spelling.SCALES[word]
            if spelling.SCALES[word] >= 1_000:
                total, current = total + current, 0.0
        else:
            current += 12 if word == "dozen" else spelling.SMALL.get(word, 0)
    total += current
    return total, len(f"{total:g}".strip("0")) or 1


def _rated(text: str, found: list[Figure]) -> list[Figure]:
    """Amounts of money with what they are paid for: a month, a year, or once."""
    ends = [figure.span[0] for figure in found[1:]] + [len(text)]
    return [
        replace(figure, per=_period(text[figure.span[1] : end]))
        if len(figure.unit) == 3
        else figure
        for figure, end in zip(found, ends, strict=False)  # an end too many where there is none
    ]


def _period(following: str) -> str:
    match = spelling.PERIOD.match(following)
    return spelling.PERIODS.get((match[1] or "").lower(), "") if match else ""


def _bounded(text: str, figure: Figure) -> Figure:
    if figure.bound is not Bound.EXACT:
        return figure
    before = text[max(0, figure.span[0] - _LOOK_BACK) : figure.span[0]]
    return next((replace(figure, bound=bound) for bound, p in _BOUNDS if p.search(before)), figure)


def _composed(text: str, found: list[Figure]) -> list[Figure]:
    """Makes one figure of "2 minutes 45 seconds"."""
    joined: list[Figure] = []
    for figure in found:
        last = joined[-1] if joined else None
        if last and last.unit == figure.unit == DURATION and figure.value < last.value:
            between = text[last.span[1] : figure.span[0]].strip()
            if between in {"", "and"}:
                value, span = last.value + figure.value, (last.span[0], figure.span[1])
                joined[-1] = replace(last, value=value, span=span, digits=3)
                continue
        if last and _seconds_after(text, last, figure):
            joined[-1] = replace(last, value=last.value + figure.value, digits=3)
            continue
        joined.append(figure)
    return joined


def _seconds_after(text: str, last: Figure, figure: Figure) -> bool:
    """True for the 50 of "1 minute 50"."""
    bare = figure.unit == COUNT and not figure.nouns and 0 < figure.value < 60
    minutes = last.unit == DURATION and spelling.MINUTES.search(text[slice(*last.span)])
    return bare and bool(minutes) and text[last.span[1] : figure.span[0]] == " "


def _paired(text: str, found: list[Figure]) -> list[Figure]:
    """The unit of "from 18 to 6 percent" for both, and which of them is the new value."""
    for place in range(1, len(found)):
        first, second = found[place - 1], found[place]
        between = text[first.span[1] : second.span[0]]
        if len(between) > _LOOK_BETWEEN:
            continue
        far = spelling.FROM_FAR.search(text, 0, first.span[0]) and spelling.TO_FAR.search(between)
        if first.unit == COUNT and not first.nouns and spelling.PAIR.fullmatch(between):
            first = found[place - 1] = _like(first, second, text)
        elif second.unit == COUNT and not second.nouns and spelling.FROM_TO.fullmatch(between):
            second = found[place] = _like(second, first, text)
        if first.unit == second.unit and (far or spelling.FROM_TO.fullmatch(between)):
            found[place] = replace(second, became=True)
    return found


def _like(bare: Figure, other: Figure, text: str) -> Figure:
    """``bare`` in the unit that ``other`` was written in."""
    if other.unit not in {DURATION, PERCENT, COUNT} and len(other.unit) != 3:
        return bare
    written = spelling.TIME_UNIT.findall(text[slice(*other.span)])
    scale = _seconds(written[-1]) if other.unit == DURATION and written else 1.0
    return replace(bare, value=bare.value * scale, unit=other.unit, nouns=other.nouns)
