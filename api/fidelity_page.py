"""A fidelity report as one page: what must hold, the pictures, and the tables behind them. Pure.

It works from a file, offline, in light and dark; nothing runs in it.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.fidelity_picture import endings, turns_to_win, win_rates
from api.transcript import plain

Report = Mapping[str, Any]
MOST_FAULTS = 40

STYLE = """
:root { color-scheme: light dark; --bg: #f4f5f3; --surface: #fff; --sunken: #eaedea; --ink: #14201c;
  --muted: #52605b; --line: #d9dfdb; --accent: #0b6553; --soft: #dcede7; --bad: #9c2f1b;
  --bad-soft: #f9e5df; --easy: #56a98f; --normal: #0b6553; --hard: #7a4f00; --left: #b9674f;
  --fit: #9a8a3c; }
@media (prefers-color-scheme: dark) { :root { --bg: #0f1513; --surface: #18201d; --sunken: #0a0f0d;
  --ink: #e8eeeb; --muted: #a0afa9; --line: #2b3632; --accent: #74d4b7; --soft: #17352c;
  --bad: #f5a08c; --bad-soft: #3d2019; --easy: #bfeadb; --normal: #58bb9d; --hard: #e9c177;
  --left: #c9765d; --fit: #d2c377; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 16px/1.55 -apple-system,
  BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Helvetica, Arial, sans-serif; }
main { max-width: 74rem; margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 2.5rem) 4rem; }
h1 { font-size: clamp(1.9rem, 1.3rem + 2.6vw, 3rem); letter-spacing: -.03em; line-height: 1.1;
  margin: 0 0 .6rem; }
h2 { font-size: 1.35rem; letter-spacing: -.015em; margin: 2.6rem 0 .7rem; }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .4rem; }
.lead, .why { color: var(--muted); max-width: 46rem; } .lead { font-size: 1.12rem; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 14px;
  padding: 1.1rem 1.3rem; }
.scroll { overflow-x: auto; } svg { width: 100%; min-width: 40rem; height: auto; display: block; }
svg text { font-size: 13px; fill: var(--ink); } svg .quiet { fill: var(--muted); font-size: 12px; }
svg .grid { stroke: var(--line); } svg .whisker { stroke-width: 2.5; }
svg .easy { stroke: var(--easy); fill: var(--easy); }
svg .normal { stroke: var(--normal); fill: var(--normal); }
svg .hard { stroke: var(--hard); fill: var(--hard); }
svg rect.agreed { fill: var(--normal); } svg rect.honest_no { fill: var(--easy); }
svg rect.guessed_no { fill: var(--fit); } svg rect.need_missed { fill: var(--hard); }
svg rect.walked_away { fill: var(--left); } svg rect.open { fill: var(--muted); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem;
  border-bottom: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 550; }
.heat { border-collapse: separate; border-spacing: 3px; min-width: 46rem; }
.heat th, .heat td { border: 0; } .heat tbody th { font-weight: 550; white-space: nowrap; }
.heat td, .heat thead th { text-align: center; }
.heat thead th:first-child { text-align: left; } .heat td { border-radius: 7px;
  background: var(--sunken); color: var(--muted); font-variant-numeric: tabular-nums; }
.heat .l1 { background: color-mix(in srgb, var(--accent) 12%, var(--surface)); color: var(--ink); }
.heat .l2 { background: color-mix(in srgb, var(--accent) 20%, var(--surface)); color: var(--ink); }
.heat .l3 { background: color-mix(in srgb, var(--accent) 28%, var(--surface)); color: var(--ink); }
.heat .l4 { background: color-mix(in srgb, var(--accent) 38%, var(--surface)); color: var(--ink); }
.pill { display: inline-block; padding: .05rem .6rem; border-radius: 99px; font-weight: 600;
  font-size: .85rem; white-space: nowrap; background: var(--soft); color: var(--accent); }
.pill.failed { background: var(--bad-soft); color: var(--bad); }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--accent); }
ul { margin: .3rem 0; padding-left: 1.2rem; }
code { font-size: .92em; overflow-wrap: anywhere; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
#: The page is opened from a file, so it brings its own policy.
HTML_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'"


def as_html(report: Report) -> str:
    """The page of a report made by ``coach.fidelity.report.report_of``."""
    played, made = report["played"], report["made"]
    sellers, levels = played["sellers"], played["difficulties"]
    failed = [floor for floor in report["floors"] if not floor["held"]]
    verdict = (
        f"{len(failed)} of {len(report['floors'])} floors don't hold."
        if failed
        else f"All {len(report['floors'])} floors hold."
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(HTML_POLICY)}">'
        '<meta name="viewport" content="width=device-width"><title>Are the buyers honest?</title>'
        f"<style>{STYLE}</style></head><body><main><h1>Are the buyers honest?</h1>"
        f'<p class="lead">{_text(_summary(played, made))} <strong>{verdict}</strong></p>'
        f"<h2>What must hold</h2>{_floors(report['floors'])}"
        f"<h2>Who wins</h2>{_why(_WINS)}"
        f"{_picture(win_rates(report['by_seller'], sellers, levels), 'Win rates')}"
        f"{''.join(_heat(report['by_scenario'], played, level) for level in levels)}"
        f"<h2>How long it takes the strong seller</h2>{_why(_TURNS)}"
        f"{_picture(turns_to_win(report['by_scenario'], played['scenarios'], levels), 'Turns')}"
        f"<h2>How sessions end</h2>"
        f"{_picture(endings(report['by_seller'], sellers, levels), 'Endings')}"
        f"{_reasons(report['endings'], sellers)}"
        f"<h2>What no buyer may do</h2>{_faults(report)}"
        f"<h2>How this was made</h2>{_made(played, made)}</main></body></html>\n"
    )


_WINS = "The dot is the share of sessions won, the line its 95% Wilson interval. Won is a next \
step agreed, or, where the buyer has no need, that found out by asking and said."
_TURNS = "Turns of the seller in the sessions won: the line from the fewest to the most, the dot \
and the figure the median."


def _summary(played: Report, made: Report) -> str:
    return (
        f"{len(played['sellers'])} scripted sellers played {played['sessions']:,} sessions with "
        f"{played['turns']:,} turns in {len(played['scenarios'])} scenarios, "
        f"{played['seeds']} seeds {played['seeds_are']}; the buyer's words were those of the "
        f"engine “{made['engine']}”."
    )


def _floors(floors: Sequence[Report]) -> str:
    rows = "".join(
        f'<tr><td><span class="pill{"" if f["held"] else " failed"}">'
        f"{'holds' if f['held'] else 'fails'}</span></td><td>{_text(f['claim'])}"
        f"{_places(f['where'] if not f['held'] else ())}</td><td>{_text(f['found'])}</td></tr>"
        for f in floors
    )
    head = _head(("", "Floor", "Found"))
    return f'<div class="card scroll"><table>{head}<tbody>{rows}</tbody></table></div>'


def _places(where: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{_text(place)}</li>' for place in where)}</ul>" if where else ""


def _heat(rows: Sequence[Report], played: Report, level: str) -> str:
    found = {(r["scenario"], r["seller"]): r for r in rows if r["difficulty"] == level}
    body = "".join(
        f'<tr><th scope="row">{_text(scenario)}</th>'
        + "".join(_share(found.get((scenario, seller))) for seller in played["sellers"])
        + "</tr>"
        for scenario in played["scenarios"]
    )
    head = _head(("Won, of sessions", *played["sellers"]))
    return (
        f'<h3>At {_text(level)}</h3><div class="card scroll" tabindex="0" role="region" '
        f'aria-label="Won at {_text(level)}"><table class="heat">{head}<tbody>{body}</tbody>'
        "</table></div>"
    )


def _share(row: Report | None) -> str:
    if row is None:
        return "<td></td>"
    shade = 0 if not row["won"] else min(4, 1 + int(row["win_rate"] * 4))
    return f'<td class="l{shade}">{row["won"]}/{row["sessions"]}</td>'


def _reasons(endings_: Sequence[Report], sellers: Sequence[str]) -> str:
    parts = []
    for name in sellers:
        rows = "".join(
            _row((e["difficulty"], e["end"].replace("_", " "), e["reason"], f"{e['sessions']:,}"))
            for e in endings_
            if e["seller"] == name
        )
        head = _head(("Difficulty", "End", "The buyer's reason", "Sessions"))
        parts.append(
            f"<details><summary>Why sessions of the {_text(name)} seller ended</summary>"
            f'<div class="card scroll"><table>{head}<tbody>{rows}</tbody></table></div></details>'
        )
    return "".join(parts)


def _faults(report: Report) -> str:
    found = report["faults"]
    if not found:
        return _why("No buyer did any of it: nothing was let go early, told early or said twice.")
    rows = "".join(
        _row(
            (
                f["kind"].replace("_", " "),
                f"{f['seller']} in {f['scenario']} at {f['difficulty']}",
                f"{f['persona']}, seed {f['seed']}, turn {f['turn']}",
                f["words"],
            )
        )
        for f in found[:MOST_FAULTS]
    )
    head = _head(("What", "Session", "Where", "Words"))
    return f'<div class="card scroll"><table>{head}<tbody>{rows}</tbody></table></div>'


def _made(played: Report, made: Report) -> str:
    personas = sum(map(len, played["personas"].values()))
    told = (
        f"Command: {made['command']}",
        f"Version {made['version']}, {made['seconds']:,} seconds in {made['processes']} processes.",
        f"{len(played['scenarios'])} scenarios, {personas} personas; {played['seeds']} seeds "
        f"{played['seeds_are']}. The same game is the same session.",
        "Each session runs through the product's own parts: what a seller says is heard, its "
        f"claims are checked against the sample as of {made['evidence_read_as_of']}, the buyer "
        "reacts, and the act is worded. What the buyer said last is heard as the mean of its "
        "sentences instead of at one go, which saves time.",
        f"Turns that a model worded: {played['worded_by_model']:,} of {played['turns']:,}.",
        "Concessions are checked anew against the recorded states, secrets and repetitions in the "
        "words themselves.",
    )
    return f"<ul>{''.join(f'<li>{_text(line)}</li>' for line in told)}</ul>"


def _picture(svg: str, name: str) -> str:
    label = f'role="region" aria-label="{_text(name)}"'
    return f'<div class="card scroll" tabindex="0" {label}>{svg}</div>'


def _why(words: str) -> str:
    return f'<p class="why">{_text(words)}</p>'


def _head(names: Iterable[str]) -> str:
    cells = "".join(f'<th scope="col">{_text(name)}</th>' for name in names)
    return f"<thead><tr>{cells}</tr></thead>"


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>"


def _text(text: object) -> str:
    return html.escape(" ".join(plain(str(text)).split()))
