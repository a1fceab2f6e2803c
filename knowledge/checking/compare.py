"""Us against one competitor, criterion by criterion, honest where they lead. Pure.

What is out of date is shown and marked, and never counted. What is internal is left out, unless
the comparison is for ourselves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.checking.topic import Topic, same_name, topic_of
from knowledge.evidence import Advantage, Evidence, Kind, Label, Visibility


@dataclass(frozen=True)
class Row:
    """One criterion. ``us`` and ``them`` are verbatim; ``text`` is there when both are missing.

    ``others`` are the ids of further facts on this criterion; when a current one sees the
    advantage elsewhere, the row is ``disputed`` and ``ahead`` is ``MIXED``.
    """

    criterion: str
    us: str | None
    them: str | None
    text: str | None
    ahead: Advantage
    source: str | None
    as_of: date | None
    valid_until: date | None
    stale: bool
    internal: bool
    label: Label
    evidence_id: str
    others: tuple[str, ...] = ()
    disputed: bool = False


@dataclass(frozen=True)
class Totals:
    """Criteria counted once each; ``stale`` ones are in no other number."""

    ahead: int
    behind: int
    even: int
    mixed: int
    unstated: int
    stale: int


@dataclass(frozen=True)
class Comparison:
    """``rows`` by name of criterion. ``for_customer`` is True when nothing internal is in it."""

    competitor: str
    today: date
    for_customer: bool
    rows: tuple[Row, ...]
    totals: Totals


def competitors(items: Iterable[Evidence]) -> list[str]:
    """The names that competitive facts are about, each once, in order."""
    names: dict[str, str] = {}
    for item in items:
        if item.kind is Kind.COMPETITIVE_FACT and same_name(item.competitor):
            names.setdefault(same_name(item.competitor), str(item.competitor))
    return [names[key] for key in sorted(names)]


def compare(
    items: Iterable[Evidence], competitor: str, today: date, *, internal: bool = False
) -> Comparison:
    """The comparison with ``competitor`` (without case); no rows where nothing may be shown.

    ``internal`` adds what is for coaching only: such a comparison isn't for a customer.
    """
    about = [
        item
        for item in items
        if item.kind is Kind.COMPETITIVE_FACT
        and same_name(item.competitor) == same_name(competitor)
    ]
    by_topic: defaultdict[Topic, list[Evidence]] = defaultdict(list)
    for item in about:
        if internal or item.visibility is Visibility.PUBLIC:
            by_topic[topic_of(item)].append(item)
    rows = [_row(facts, today) for facts in by_topic.values()]
    rows.sort(key=lambda row: (row.criterion.casefold(), row.evidence_id))
    name = next(iter(competitors(about)), competitor)
    return Comparison(name, today, not internal, tuple(rows), _totals(rows))


def _row(facts: Sequence[Evidence], today: date) -> Row:
    """The newest current fact speaks; public before internal on the same day."""
    ranked = sorted(facts, key=lambda item: item.id)
    ranked.sort(key=lambda item: item.visibility is Visibility.INTERNAL)
    ranked.sort(key=lambda item: item.as_of or date.min, reverse=True)
    ranked.sort(key=lambda item: item.stale_on(today))
    best = ranked[0]
    stale = best.stale_on(today)
    stated = {
        item.advantage
        for item in ranked
        if item.stale_on(today) is stale and item.advantage not in (None, Advantage.UNSTATED)
    }
    disputed = len(stated) > 1
    return Row(
        criterion=best.criterion or best.title,
        us=best.us,
        them=best.them,
        text=None if best.us or best.them else best.text,
        ahead=Advantage.MIXED if disputed else best.advantage or Advantage.UNSTATED,
        source=best.source,
        as_of=best.as_of,
        valid_until=best.valid_until,
        stale=stale,
        internal=best.visibility is Visibility.INTERNAL,
        label=best.label,
        evidence_id=best.id,
        others=tuple(item.id for item in ranked[1:]),
        disputed=disputed,
    )


def _totals(rows: Sequence[Row]) -> Totals:
    counts = Counter(row.ahead for row in rows if not row.stale)
    return Totals(
        ahead=counts[Advantage.US],
        behind=counts[Advantage.THEM],
        even=counts[Advantage.SIMILAR],
        mixed=counts[Advantage.MIXED],
        unstated=counts[Advantage.UNSTATED],
        stale=sum(row.stale for row in rows),
    )
