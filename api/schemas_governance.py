"""The JSON of a comparison and of a check of the knowledge base."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from api.schemas_evidence import Shown, optional
from coach.governance import Inspection
from knowledge import compare
from knowledge.check import counted
from knowledge.evidence import Advantage, Label
from knowledge.finding import Code, Severity


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


class KnowledgeCheck(BaseModel):
    """``items`` are all findings, errors first; ``ok`` when none of them is an error."""

    ok: bool
    today: date
    checked: int
    counts: dict[Severity, int]
    items: list[KnowledgeFinding]
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
        )
