"""Is the knowledge base fit to be used? Everything that is wrong, ageing or absent. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.contradictions import contradictions
from knowledge.duplicates import Similarity, near_duplicates
from knowledge.evidence import Evidence, Kind, Visibility
from knowledge.finding import Code, Finding, Severity
from knowledge.topic import same_name

SOON = timedelta(days=60)
_NOT_FOR_ALL = (Kind.RUMOUR, Kind.MARKET_FACT)  # kinds that a sound knowledge base may lack


@dataclass(frozen=True)
class Wanted:
    """What there must be evidence for: the customers and competitors that are practised on."""

    sectors: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()


def check(
    items: Iterable[Evidence],
    today: date,
    wanted: Wanted = Wanted(),
    similarity: Similarity | None = None,
) -> list[Finding]:
    """All findings, errors first. ``similarity`` as in ``near_duplicates``."""
    items = list(items)
    found = [finding for item in items for finding in _of_item(item, today)]
    found += contradictions(items, today)
    found += near_duplicates(items, similarity)
    found += _uncovered(items, today, wanted)
    weight = list(Severity).index
    return sorted(found, key=lambda f: (weight(f.severity), f.code, f.evidence_ids, f.message))


def counted(findings: Sequence[Finding]) -> dict[Severity, int]:
    """How many findings of each severity, also where there are none."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in Severity}


def _of_item(item: Evidence, today: date) -> Iterator[Finding]:
    """What is wrong with an item by itself."""

    yield from _of_dates(item, today)
    if not item.source:
        is_public = item.visibility is Visibility.PUBLIC
        severity = Severity.ERROR if is_public else Severity.WARNING
        yield _about(item, Code.MISSING_SOURCE, severity, "has no source: nobody can verify it")
    if not item.owner:
        yield _about(item, Code.MISSING_OWNER, Severity.INFO, "has no owner who keeps it true")
    if item.kind is Kind.RUMOUR and not item.position:
        message = "is a rumour without a position: sellers don't know how to handle it"
        yield _about(item, Code.NO_POSITION, Severity.ERROR, message)


def _about(item: Evidence, code: Code, severity: Severity, message: str) -> Finding:
    return Finding(code, severity, f"{item.id} {message}", (item.id,))


def _of_dates(item: Evidence, today: date) -> Iterator[Finding]:
    if item.as_of is None:
        yield _about(item, Code.MISSING_DATE, Severity.WARNING, "doesn't say as of when it holds")
    elif item.as_of > today:
        message = f"is dated {item.as_of}, which is still to come"
        yield _about(item, Code.FUTURE_DATE, Severity.ERROR, message)
    if item.valid_until is None:
        return
    if item.as_of and item.valid_until < item.as_of:
        message = f"ends on {item.valid_until}, before its date {item.as_of}"
        yield _about(item, Code.ENDS_BEFORE_START, Severity.ERROR, message)
    if item.stale_on(today):
        message = f"is out of date since {item.valid_until}: renew or remove it"
        yield _about(item, Code.STALE, Severity.WARNING, message)
    elif item.valid_until <= today + SOON:
        days = (item.valid_until - today).days
        message = f"runs out on {item.valid_until}, in {days} days"
        yield _about(item, Code.SOON_STALE, Severity.INFO, message)


def _uncovered(items: Sequence[Evidence], today: date, wanted: Wanted) -> Iterator[Finding]:
    """Kinds, sectors, regions and competitors that a customer can be shown nothing about."""
    usable = [item for item in items if item.quotable_on(today)]
    for kind in Kind:
        if not any(item.kind is kind for item in usable):
            severity = Severity.INFO if kind in _NOT_FOR_ALL else Severity.WARNING
            words = kind.value.replace("_", " ")
            yield Finding(Code.EMPTY_KIND, severity, f"no {words} may be shown to a customer")
    cases = [item for item in usable if item.kind is Kind.CASE_STUDY]
    for field, needed in (("sector", wanted.sectors), ("region", wanted.regions)):
        # a market that was researched needs no customer yet
        ours = (getattr(i, field) for i in items if i.kind is not Kind.MARKET_FACT)
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
    facts = [item for item in usable if item.kind is Kind.COMPETITIVE_FACT]
    compared = _names(item.competitor for item in facts)
    for key, name in _names(wanted.competitors).items():
        if key not in compared:
            message = f"no competitive fact about {name!r} may be shown to a customer"
            yield Finding(Code.NO_COMPARISON, Severity.WARNING, message)


def _names(names: Iterable[str | None]) -> Mapping[str, str]:
    """Each name once, as first written, by its form without case."""
    found: dict[str, str] = {}
    for name in names:
        if name and same_name(name):
            found.setdefault(same_name(name), name)
    return dict(sorted(found.items()))
