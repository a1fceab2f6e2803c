"""Sessions as lines of CSV. Pure; no cell is taken for a formula by a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable

from api.transcript import csv_cell
from coach.claims import ClaimStatus
from coach.exports.outcome import Outcome

CLAIMS = [status.value for status in ClaimStatus if status is not ClaimStatus.NOT_A_CLAIM]
FIELDS = ("session", "user", "scenario", "scenario_version", "title", "kind", "persona",
          "difficulty", "status", "success", "score", "replies", "hints")  # fmt: skip
HEADER = (*FIELDS, "started_at", "ended_at", *(f"claims_{status}" for status in CLAIMS))


async def as_lines(outcomes: AsyncIterator[Outcome]) -> AsyncIterator[str]:
    yield _line(HEADER)
    async for outcome in outcomes:
        times = [at.isoformat() if at else "" for at in (outcome.started_at, outcome.ended_at)]
        claims = [outcome.claims.get(status, "") for status in CLAIMS]
        yield _line([*(getattr(outcome, name) for name in FIELDS), *times, *claims])


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_cell(cell) for cell in cells])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return csv_cell(str(value).lower() if isinstance(value, bool) else str(value))
