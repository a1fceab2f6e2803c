"""The report of ``coach eval`` as a page: one bar per engine and job, and every failure."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.fidelity_page import HTML_POLICY, STYLE
from api.terminal import plain

Row = Mapping[str, Any]
JOBS = {
    "voice": "Wording the buyer",
    "suggest": "Writing suggestions",
    "judge": "Judging replies",
}
WIDTH, NAMES, RIGHT, STEP = 940, 220, 130, 34
WHY = (
    "A case is passed when every grade is and the model's own words were served. The dot is the "
    "share, the line its 95% Wilson interval."
)


def as_html(report: Row) -> str:
    """The page of a report made by ``coach.evals.report.report_of``."""
    pictures = "".join(_job(report, job, title) for job, title in JOBS.items())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(HTML_POLICY)}">'
        '<meta name="viewport" content="width=device-width"><title>How good are the models?</title>'
        f"<style>{STYLE}</style></head><body><main><h1>How good are the models?</h1>"
        f'<p class="lead">{_text(_summary(report))}</p><p class="why">{WHY}</p>{pictures}'
        f"<h2>What it cost</h2>{_costs(report['costs'])}"
        f"<h2>What went wrong</h2>{_failures(report)}"
        f"<h2>How this was made</h2>{_made(report['made'])}</main></body></html>\n"
    )


def _summary(report: Row) -> str:
    cases, engines = report["made"]["cases"], len(report["engines"])
    return f"{cases:,} cases, " + (
        "1 engine." if engines == 1 else f"{engines} engines side by side."
    )


def _job(report: Row, job: str, title: str) -> str:
    rows = [row for row in report["jobs"] if row["job"] == job]
    if not rows:
        return ""
    grades = [row for row in report["grades"] if row["job"] == job]
    names = list(dict.fromkeys(row["grade"] for row in grades))
    body = "".join(
        _row((row["engine"], *(_share(_one(grades, row["engine"], name)) for name in names)))
        for row in rows
    )
    called = [name.replace("_", " ") for name in names]
    table = f"<table>{_head(('Engine', *called))}<tbody>{body}</tbody></table>"
    label = f'tabindex="0" role="region" aria-label="{title}"'
    return f'<h2>{title}</h2><div class="card scroll" {label}>{_picture(rows, title)}{table}</div>'


def _one(grades: Iterable[Row], engine: str, name: str) -> Row | None:
    return next((g for g in grades if (g["engine"], g["grade"]) == (engine, name)), None)


def _share(row: Row | None) -> str:
    return f"{row['passed']}/{row['of']}" if row else ""


def _picture(rows: Sequence[Row], title: str) -> str:
    foot = 14 + STEP * len(rows)
    axis = "".join(
        f'<line class="grid" x1="{_x(n / 5):.1f}" x2="{_x(n / 5):.1f}" y1="6" y2="{foot - 4}"/>'
        f'<text class="quiet" x="{_x(n / 5):.1f}" y="{foot + 12}" text-anchor="middle">{n * 20}%'
        "</text>"
        for n in range(6)
    )
    marks = "".join(_mark(row, 14 + STEP * at + STEP / 2 - 6) for at, row in enumerate(rows))
    return (
        f'<svg viewBox="0 0 {WIDTH} {foot + 22}" role="img" aria-label="{_text(title)}">'
        f"{axis}{marks}</svg>"
    )


def _mark(row: Row, y: float) -> str:
    share = row["passed"] / row["of"]
    told = f"{row['engine']}: {row['passed']} of {row['of']} cases passed"
    return (
        f'<text x="{NAMES - 14}" y="{y + 4:.1f}" text-anchor="end">'
        f"{_text(row['engine'][:28])}</text>"
        f'<g class="normal"><title>{_text(told)}</title><line class="whisker" '
        f'x1="{_x(row["from"]):.1f}" x2="{_x(row["to"]):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<circle cx="{_x(share):.1f}" cy="{y:.1f}" r="5"/></g>'
        f'<text class="quiet" x="{WIDTH - RIGHT + 18}" y="{y + 4:.1f}">{share:.0%} of {row["of"]}'
        "</text>"
    )


def _x(share: float) -> float:
    return NAMES + (WIDTH - NAMES - RIGHT) * share


def _costs(costs: Iterable[Row]) -> str:
    body = "".join(
        _row(
            (
                cost["engine"], f"{cost['cases']:,}", f"{cost['calls']:,}",
                f"{cost['tokens_in']:,}", f"{cost['tokens_out']:,}", f"{cost['seconds']:,}",
                "no price given" if cost["money"] is None else f"{cost['money']:.4f}",
            )
        )
        for cost in costs
    )  # fmt: skip
    head = _head(("Engine", "Cases", "Calls", "Tokens sent", "received", "Seconds", "Money"))
    return f'<div class="card scroll"><table>{head}<tbody>{body}</tbody></table></div>'


def _failures(report: Row) -> str:
    parts = []
    for engine in report["engines"]:
        some = [f for f in report["failures"] if f["engine"] == engine]
        rows = "".join(_row((f["case"], "; ".join(f["wrong"]), f["answer"])) for f in some)
        table = f"<table>{_head(('Case', 'What', 'Answer'))}<tbody>{rows}</tbody></table>"
        body = f'<div class="card scroll">{table}</div>' if some else "<p>Nothing.</p>"
        parts.append(f"<details><summary>{_text(engine)}: {len(some)}</summary>{body}</details>")
    return "".join(parts)


def _made(made: Row) -> str:
    told = (
        f"Command: {made['command']}",
        f"Version {made['version']}; evidence: the sample, as of {made['evidence_read_as_of']}.",
        "Each case runs through the product itself: what a model says is checked by code and "
        "replaced where it doesn't hold. “Own words” says how often that was not needed; the other "
        "grades are those of the reply that was served.",
        "All grades are given by code. What a model may choose from is shuffled.",
    )
    return f"<ul>{''.join(f'<li>{_text(line)}</li>' for line in told)}</ul>"


def _head(names: Iterable[str]) -> str:
    cells = "".join(f'<th scope="col">{_text(name)}</th>' for name in names)
    return f"<thead><tr>{cells}</tr></thead>"


def _row(cells: Iterable[object]) -> str:
    return f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>"


def _text(text: object) -> str:
    return html.escape(" ".join(plain(str(text)).split()))
