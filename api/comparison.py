"""A comparison as a document: Markdown or HTML. Pure; whatever a fact says stays plain text."""

from __future__ import annotations

import base64
import hashlib
import html

from api.schemas_governance import Comparison, ComparisonRow
from api.transcript import markdown_text, plain

COLUMNS = ("Criterion", "Us", "Them", "Who is ahead", "Source", "As of")
AHEAD = {
    "us": "we are",
    "them": "they are",
    "similar": "neither",
    "mixed": "it depends",
    "unstated": "not stated",
}

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border: 1px solid #bbb; }
.stale { color: #555; background: #f2f2f2; } .warn { color: #8a1c00; font-weight: bold; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
#: Stricter than elsewhere: the page needs nothing but its own style.
HTML_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"
INTERNAL = "For coaching only: this holds internal facts. Don't show it to a customer."


def cells_of(row: ComparisonRow) -> list[str]:
    """What stands in the columns, as plain text without line breaks."""
    told = [
        row.criterion,
        row.us or row.text or "",
        row.them or "",
        AHEAD[row.ahead] + (" (sources disagree)" if row.disputed else ""),
        row.source or "no source",
        _dated(row),
    ]
    return [" ".join(plain(cell).split()) for cell in told]


def marks_of(row: ComparisonRow) -> list[str]:
    """What a reader must know before using the row."""
    marks = [f"out of date since {row.valid_until}"] if row.stale else []
    marks += ["internal"] if row.internal else []
    return marks + ([str(row.label)] if row.label != "fact" else [])


def _dated(row: ComparisonRow) -> str:
    return str(row.as_of) if row.as_of else "no date"


def title_of(found: Comparison) -> str:
    return f"Us and {found.competitor}"


def as_markdown(found: Comparison) -> str:
    lines = [f"# {markdown_text(_line(title_of(found)))}", ""]
    if not found.for_customer:
        lines += [f"**{INTERNAL}**", ""]
    lines += [f"As of {found.today}. {markdown_text(_line(found.summary))}", ""]
    lines += [_markdown_row(COLUMNS), _markdown_row(["---"] * len(COLUMNS))]
    for row in found.rows:
        *first, dated = [markdown_text(cell) for cell in cells_of(row)]
        marks = "".join(f" **({mark})**" for mark in marks_of(row))
        lines.append(_markdown_row([*first, dated + marks]))
    return "\n".join(lines) + "\n"


def _markdown_row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def as_html(found: Comparison) -> str:
    title = _escaped(title_of(found))
    warning = "" if found.for_customer else f'<p class="warn">{_escaped(INTERNAL)}</p>'
    head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>{warning}"
        f"<p>As of {found.today}. {_escaped(found.summary)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_html_row, found.rows))}"
        "</tbody></table></main></body></html>\n"
    )


def _html_row(row: ComparisonRow) -> str:
    criterion, *cells = [_escaped(cell) for cell in cells_of(row)]
    marks = "".join(f'<br><span class="warn">{_escaped(mark)}</span>' for mark in marks_of(row))
    css = ' class="stale"' if row.stale else ""
    told = "".join(f"<td>{cell}</td>" for cell in cells[:-1])
    return f'<tr{css}><th scope="row">{criterion}</th>{told}<td>{cells[-1]}{marks}</td></tr>'


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _escaped(text: str) -> str:
    return html.escape(_line(text))
