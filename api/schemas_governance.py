"""The JSON of a comparison and of a check of the knowledge base."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from api.schemas_evidence import Shown, Time, optional
from coach.gaps import Met
from coach.gaps.book import OpenGap
from coach.governance import Inspection
from coach.suggestion import Lack
from knowledge.checking import compare
from knowledge.checking.check import counted
from knowledge.checking.finding import Code, Severity
from knowledge.evidence import Advantage, Kind, Label


class ComparisonRow(Shown):
    criterion: str
    us: str | None
    them: str | None
    text: str | None = optional(description="the whole fact, where it doesn't tell the sides apart")
    ahead: Advantage
    source: str | None
    as_of: date | None
    valid_until: date | None
    stale: bool
    internal: bool
    label: Label
    evidence_id: str
    others: list[str] = Field(description="further facts on this criterion")
    disputed: bool = Field(description="a current one of them sees another one ahead")


class ComparisonTotals(Shown):
    """Criteria; what is stale is in no other number."""

    ahead: int
    behind: int
    even: int
    mixed: int
    unstated: int
    stale: int


class Comparison(BaseModel):
    competitor: str
    today: date
    for_customer: bool
    summary: str
    totals: ComparisonTotals
    rows: list[ComparisonRow]

    @staticmethod
    def of(found: compare.Comparison) -> Comparison:
        return Comparison(
            competitor=found.competitor,
            today=found.today,
            for_customer=found.for_customer,
            summary=summary_of(found),
            totals=ComparisonTotals.model_validate(found.totals),
            rows=[ComparisonRow.model_validate(row) for row in found.rows],
        )


def summary_of(found: compare.Comparison) -> str:
    """The totals in one honest sentence; mixed, unstated and stale only where there are any."""
    totals = found.totals
    parts = [f"ahead in {totals.ahead}", f"behind in {totals.behind}", f"even in {totals.even}"]
    parts += [f"mixed in {totals.mixed}"] if totals.mixed else []
    parts += [f"not stated in {totals.unstated}"] if totals.unstated else []
    stale = f" ({totals.stale} out of date, not counted)" if totals.stale else ""
    return f"Against {found.competitor} we are {', '.join(parts)}{stale}."


class KnowledgeFinding(Shown):
    code: Code
    severity: Severity
    message: str
    evidence_ids: list[str]


class SectorCoverage(BaseModel):
    sector: str | None = Field(description="null: what belongs to no sector")
    counts: dict[Kind, int] = Field(description="what may be shown to a customer today")


class ScenarioCoverage(Shown):
    id: str
    title: str
    kinds: list[Kind] = Field(description="the proof it calls for, what matters most first")
    competitor: str | None
    unanswered: list[str] = Field(description="concerns to which nothing can be quoted")


class KnowledgeCheck(BaseModel):
    """``items`` are all findings, errors first; ``ok`` when none of them is an error."""

    ok: bool
    today: date
    checked: int
    counts: dict[Severity, int]
    items: list[KnowledgeFinding]
    sectors: list[SectorCoverage]
    scenarios: list[ScenarioCoverage]
    next_cursor: str | None = None

    @staticmethod
    def of(found: Inspection) -> KnowledgeCheck:
        counts = counted(found.findings)
        return KnowledgeCheck(
            ok=not counts[Severity.ERROR],
            today=found.today,
            checked=found.checked,
            counts=counts,
            items=[KnowledgeFinding.model_validate(finding) for finding in found.findings],
            sectors=[
                SectorCoverage(sector=row.name, counts=dict(row.counts)) for row in found.sectors
            ],
            scenarios=[ScenarioCoverage.model_validate(one) for one in found.scenarios],
        )


class GapExample(Shown):
    words: str = Field(description="what was met, cut to 300 characters")
    met: Met


class Gap(Shown):
    """``live`` counts requests, ``practice`` sessions."""

    id: str
    lack: Lack
    says: str = Field(description="what is lacking, in one sentence")
    objection: str
    topic: str = Field(description="the concern it is about, as scenario/concern, or empty")
    competitor: str | None
    sector: str | None
    live: int
    practice: int
    first_seen: Time
    last_seen: Time
    examples: list[GapExample] = Field(description="the latest, newest first")
    covered: bool = Field(description="evidence has come since")
    write: Kind = Field(description="the kind of evidence that would close it best")


class Gaps(BaseModel):
    items: list[Gap]
    next_cursor: str | None = None

    @staticmethod
    def of(found: list[OpenGap], next_cursor: str | None) -> Gaps:
        more = ("covered", "says", "write")
        return Gaps(
            items=[
                Gap.model_validate({**vars(one.gap), **{name: getattr(one, name) for name in more}})
                for one in found
            ],
            next_cursor=next_cursor,
        )
