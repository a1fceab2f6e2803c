"""Is the knowledge base fit to be used? Everything that is wrong, ageing or absent. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from knowledge.checking.contradictions import contradictions
from knowledge.checking.coverage import Wanted, uncovered
from knowledge.checking.duplicates import near_duplicates
from knowledge.checking.finding import Code, Finding, Severity
from knowledge.checking.unproven import unproven
from knowledge.evidence import Evidence, Kind, Visibility

SOON = timedelta(days=60)
NOTHING = Wanted()


def check(
    items: Iterable[Evidence],
    today: date,
    wanted: Wanted = NOTHING,
) -> list[Finding]:
    """All findings, errors first."""
    items = list(items)
    found = [finding for item in items for finding in _of_item(item, today)]
    found += contradictions(items, today)
    found += near_duplicates(items)
    found += unproven(items, today)
    found += uncovered(items, today, wanted)
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
