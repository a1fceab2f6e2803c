"""What there is to show a customer, by sector and by scenario, and what there isn't. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.checking.finding import Code, Finding, Severity
from knowledge.checking.topic import same_name
from knowledge.evidence import Evidence, Kind, Truth

_NOT_FOR_ALL = (Kind.RUMOUR, Kind.MARKET_FACT)  # kinds that a sound knowledge base may lack


@dataclass(frozen=True)
class Practised:
    """What a scenario needs: ``kinds`` of proof, those wanted most first.

    ``competitor`` needs facts, and ``rumour`` (an item's id) must be there with its truth.
    ``unanswered`` are the buyer's concerns for which a search found nothing quotable.
    """

    id: str
    title: str
    kinds: tuple[Kind, ...] = ()
    competitor: str | None = None
    rumour: tuple[str, Truth] | None = None
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """What there must be evidence for: the customers and competitors that are practised on."""

    sectors: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    scenarios: tuple[Practised, ...] = ()


@dataclass(frozen=True)
class SectorRow:
    """``name`` is None for what belongs to no sector; ``counts`` of what may be shown."""

    name: str | None
    counts: Mapping[Kind, int]


def by_sector(items: Iterable[Evidence], today: date, wanted: Wanted) -> list[SectorRow]:
    """Quotable items by sector and kind: the sectors by name, then what has none."""
    items = list(items)
    names = _names([*wanted.sectors, *(item.sector for item in items)])
    counts: dict[str, Counter[Kind]] = {key: Counter() for key in (*names, "")}
    for item in items:
        if item.quotable_on(today):
            counts[same_name(item.sector)][item.kind] += 1
    return [SectorRow(names.get(key), {kind: counts[key][kind] for kind in Kind}) for key in counts]


def uncovered(items: Sequence[Evidence], today: date, wanted: Wanted) -> Iterator[Finding]:
    """Kinds, sectors, regions, competitors and scenarios a customer can be shown nothing about."""
    usable = [item for item in items if item.quotable_on(today)]
    kinds = {item.kind for item in usable}
    for kind in Kind:
        if kind not in kinds:
            severity = Severity.INFO if kind in _NOT_FOR_ALL else Severity.WARNING
            yield Finding(
                Code.EMPTY_KIND, severity, f"no {_words(kind)} may be shown to a customer"
            )
    cases = [item for item in usable if item.kind is Kind.CASE_STUDY]
    for field, needed in (("sector", wanted.sectors), ("region", wanted.regions)):
        # a market that was researched needs no customer yet
        ours = (getattr(item, field) for item in items if item.kind is not Kind.MARKET_FACT)
        known = _names([*needed, *ours])
        covered = _names(getattr(item, field) for item in cases)
        yield from (
            Finding(
                Code.NO_CASE_STUDY,
                Severity.WARNING,
                f"no case study of the {field} {name!r} may be shown to a customer",
            )
            for key, name in known.items()
            if key not in covered
        )
    compared = _names(item.competitor for item in usable if item.kind is Kind.COMPETITIVE_FACT)
    for key, name in _names(wanted.competitors).items():
        if key not in compared:
            message = f"no competitive fact about {name!r} may be shown to a customer"
            yield Finding(Code.NO_COMPARISON, Severity.WARNING, message)
    by_id = {item.id: item for item in items} if wanted.scenarios else {}
    for scenario in wanted.scenarios:
        yield from _unfit(scenario, kinds, compared, by_id, today)


def _unfit(
    scenario: Practised,
    kinds: set[Kind],
    compared: Mapping[str, str],
    by_id: Mapping[str, Evidence],
    today: date,
) -> Iterator[Finding]:
    """Why sellers who practise a scenario can't be given what it calls for."""
    called = f"the scenario {scenario.id} ({scenario.title})"
    lacking = [_words(kind) for kind in scenario.kinds if kind not in kinds | {Kind.RUMOUR}]
    if lacking:
        message = f"{called} calls for {', '.join(lacking)}, and none may be shown to a customer"
        yield Finding(Code.SCENARIO, Severity.WARNING, message)
    if scenario.competitor and same_name(scenario.competitor) not in compared:
        message = f"{called} is about {scenario.competitor}, on whom no fact may be shown"
        yield Finding(Code.SCENARIO, Severity.WARNING, message)
    for concern in scenario.unanswered:
        message = f"{called}: nothing quotable answers the concern “{concern}”"
        yield Finding(Code.SCENARIO, Severity.WARNING, message)
    if scenario.rumour:
        yield from _rumour(called, *scenario.rumour, by_id, today)


def _rumour(
    called: str, rumour_id: str, truth: Truth, by_id: Mapping[str, Evidence], today: date
) -> Iterator[Finding]:
    item = by_id.get(rumour_id)
    if item is None:
        message = f"{called} is about the rumour {rumour_id}, which isn't in the knowledge base"
        yield Finding(Code.RUMOUR, Severity.WARNING, message)
    elif item.kind is not Kind.RUMOUR or item.truth is not truth:
        said = item.truth.value if item.truth else "no rumour"
        message = f"{called} treats {rumour_id} as {truth.value}, and the item says {said}"
        yield Finding(Code.RUMOUR, Severity.ERROR, message, (rumour_id,))
    elif not item.quotable_on(today):
        message = f"{called} is about {rumour_id}, which may not be shown to a customer today"
        yield Finding(Code.RUMOUR, Severity.WARNING, message, (rumour_id,))


def _words(kind: Kind) -> str:
    return kind.value.replace("_", " ")


def _names(names: Iterable[str | None]) -> Mapping[str, str]:
    """Each name once, as first written, by its form without case."""
    found: dict[str, str] = {}
    for name in names:
        if name and same_name(name):
            found.setdefault(same_name(name), name)
    return dict(sorted(found.items()))
