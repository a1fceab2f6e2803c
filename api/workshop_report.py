"""A cohort's report as CSV and as pages to print. Pure; no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from api.paper import Paper
from api.transcript import csv_cell
from coach.workshops.guide import Point
from coach.workshops.report import Change, Report, Row

HEADER = ("name", "guest", "attempts", "finished", "scenarios_passed", "first", "last", "change")


def report_csv(report: Report) -> str:
    """A line for each person; ``best`` scores have a column for each scenario."""
    scenarios = report.workshop.scenarios
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*HEADER, *(f"best_{scenario}" for scenario in scenarios)])
    for row in report.rows:
        best = [str(row.best.get(scenario, "")) for scenario in scenarios]
        writer.writerow([csv_cell(row.name), *_cells(row), *best])
    return out.getvalue()


def _cells(row: Row) -> list[str]:
    change = None if row.first is None or row.last is None else row.last - row.first
    return [
        "yes" if row.is_guest else "no",
        str(row.attempts),
        str(row.finished),
        str(row.passed),
        *("" if value is None else f"{value:.1f}" for value in (row.first, row.last, change)),
    ]


def change_told(change: Change) -> str:
    """Before and after in a sentence."""
    if change.first is None or change.last is None or change.change is None:
        return "Nobody finished a scenario twice yet, so there is no before and after."
    told = f"{change.first:.0f} at first, {change.last:.0f} at last: {change.change:+.0f} points"
    if change.low is None or change.high is None:
        return f"{told}, of one person: too few to say how sure that is."
    sure = f"95% interval {change.low:+.0f} to {change.high:+.0f}"
    return f"{told} over {change.people} people ({sure})."


def report_pdf(report: Report, points: Sequence[Point], titles: Mapping[str, str]) -> bytes:
    workshop = report.workshop
    paper = Paper(f"Workshop: {workshop.title}")
    paper.line(workshop.title, bold=True, scale=1.8)
    paper.small(f"{report.came} came, {report.passed} passed every scenario "
                f"(pass mark {workshop.pass_mark}). By {workshop.trainer}.")  # fmt: skip
    paper.small("; ".join(titles.get(one, one) for one in workshop.scenarios))
    paper.rule()
    paper.heading("Before and after")
    paper.line(change_told(report.change))
    paper.small(report.change.caution)
    _points(paper, points)
    paper.heading("Checks, the most missed first")
    for heat in report.heat:
        paper.line(f"{heat.share * 100:.0f}% of {heat.people}: {heat.question}")
    if report.next:
        paper.heading("Next workshop")
        paper.line(", ".join(titles.get(one, one) for one in report.next.scenarios), bold=True)
        paper.small(report.next.why)
    paper.heading("People")
    for row in report.rows:
        best = ", ".join(f"{titles.get(one, one)} {score}" for one, score in row.best.items())
        paper.line(row.name, bold=True)
        paper.small(f"{row.finished} of {row.attempts} attempts finished. Best: {best or 'none'}.")
    return paper.bytes()


def _points(paper: Paper, points: Sequence[Point]) -> None:
    if not points:
        return
    paper.heading("To talk about")
    for point in points:
        missed = f"{point.moment.missed} of {point.moment.of} missed it, {point.minutes} minutes"
        paper.line(f"{point.moment.question} ({missed})", bold=True)
        with paper.indented():
            for number, step in enumerate(point.steps, start=1):
                paper.line(f"{number}. {step}")
        paper.gap()
