"""A session as a document: Markdown, CSV or HTML. Pure; whatever was typed stays plain text."""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import re

from api.schemas import Session, Turn

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
MARKDOWN_INLINE = re.compile(r"([\\`*_{}\[\]|~@$])")
MARKDOWN_LINE_START = re.compile(r"^(?:([#+=-])|(\d{1,9})([.)]))")
FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠\t\r]")
COLUMNS = ("index", "speaker", "at", "text", "act", "tip", "yes", "no")

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
dt { color: #555; margin-top: 1.2rem; } dd { margin: 0; white-space: pre-wrap; }
blockquote { margin: .4rem 0; padding-left: .8rem; border-left: 3px solid #ccc; }
.tip { color: #555; font-size: .9rem; border-left: 3px solid #ccc; padding-left: .6rem; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
#: Stricter than elsewhere: the page needs nothing but its own style.
HTML_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"


def plain(text: str) -> str:
    """Without control characters, apart from line feed and tab."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def markdown_text(text: str) -> str:
    """Text that a Markdown renderer shows as it is: no heading, link, image, list or HTML."""
    return "\n".join(_markdown_line(line) for line in plain(text).split("\n"))


def _markdown_line(line: str) -> str:
    line = html.escape(line.strip(), quote=False)
    line = MARKDOWN_INLINE.sub(r"\\\1", line)
    line = line.replace("://", r"\://").replace("www.", r"www\.")
    return MARKDOWN_LINE_START.sub(
        lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line, count=1
    )


def csv_cell(text: str) -> str:
    """Text that a spreadsheet doesn't take for a formula."""
    text = plain(text)
    return f"'{text}" if FORMULA.match(text) else text


def heading(session: Session, title: str) -> list[tuple[str, str]]:
    """What stands above the turns, as names and values."""
    parent = session.parent
    return [
        ("Scenario", title),
        ("Session", session.id),
        ("Difficulty", str(session.difficulty)),
        ("Outcome", str(session.status).replace("_", " ")),
        ("Engine", session.engine.voice),
        ("Started", session.created_at.isoformat()),
        *([("Goes back", f"to turn {parent.turn} of {parent.session}")] if parent else []),
    ]


def as_markdown(session: Session, title: str) -> str:
    lines = ["# Practice transcript", ""]
    lines += [f"- {name}: {markdown_text(value)}" for name, value in heading(session, title)]
    for turn in session.turns:
        lines += ["", f"**{who(turn)}**", ""]
        lines += [f"> {line}" if line else ">" for line in markdown_text(turn.text).split("\n")]
        if said := tip(turn):
            lines += ["", f"Tip: {markdown_text(said)}"]
    return "\n".join(lines) + "\n"


def as_csv(session: Session) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for turn in session.turns:
        at = turn.at.isoformat().replace("+00:00", "Z")
        row = [str(turn.speaker), at, turn.text, turn.act or "", tip(turn)]
        verdicts = [_checks(turn, "yes"), _checks(turn, "no")]
        writer.writerow([turn.index, *(csv_cell(cell) for cell in row + verdicts)])
    return out.getvalue()


def as_html(session: Session, title: str) -> str:
    told = heading(session, title)
    facts = "".join(f"<li>{text_escaped(name)}: {text_escaped(value)}</li>" for name, value in told)
    said = "".join(_html_turn(turn) for turn in session.turns)
    body = f"<h1>Practice transcript</h1><ul>{facts}</ul><dl>{said}</dl>"
    return html_page(f"Practice transcript: {title}", body)


def html_page(title: str, body: str) -> str:
    """A page that needs nothing but its own style; ``body`` is escaped already."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{text_escaped(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def _html_turn(turn: Turn) -> str:
    said = tip(turn)
    shown = f'<dd class="tip">Tip: {text_escaped(said)}</dd>' if said else ""
    return f"<dt>{who(turn)}</dt><dd>{text_escaped(turn.text)}</dd>{shown}"


def text_escaped(text: str) -> str:
    """Text for HTML, without control characters."""
    return html.escape(plain(text))


def who(turn: Turn) -> str:
    return "Seller" if turn.speaker == "seller" else "Buyer"


def tip(turn: Turn) -> str:
    return turn.assessment.tip if turn.assessment else ""


def _checks(turn: Turn, verdict: str) -> str:
    checks = turn.assessment.checks if turn.assessment else []
    return " ".join(check.id for check in checks if check.verdict == verdict)
