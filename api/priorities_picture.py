"""A ranking as a picture: one bar per customer, made of what each criterion brings. Pure.

Names are other people's words: whatever stands in them stays plain text.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Sequence

from api.transcript import plain
from coach.prioritisation import Place, Priorities

MOST_SHOWN = 25  # bars; the table of the page has all
WIDTH, NAMES, BARS, ROW, TOP = 960, 220, 560, 30, 62
LONGEST_NAME = 30  # characters
#: Told apart by brightness too, and by the gap between them.
COLOURS = (
    "#1b4f8f", "#e0912f", "#3f8f6b", "#a33b54", "#6a5aa8",
    "#7a8794", "#c4b22d", "#2aa0b5", "#8a5a2b", "#d57ba5",
)  # fmt: skip
INK, QUIET = "#1c2530", "#5a6673"

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c2530; background: #fff; }
svg { max-width: 100%; height: auto; } .scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #c8cfd6; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HTML_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"


def as_svg(found: Priorities) -> str:
    """A stand-alone picture of the first customers."""
    shown = found.places[:MOST_SHOWN]
    criteria = list(found.weights)
    legend, after = _legend(criteria, [found.weights[name] for name in criteria])
    height = after + ROW * len(shown) + 40
    rows = "".join(
        _bar(place, criteria, after + ROW * number) for number, place in enumerate(shown)
    )
    left = len(found.places) - len(shown)
    more = f"{left:,} more are in the table. " if left else ""
    note = f"{more}Right of each bar: score, and the ranks met with other weights."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="{_text(found.summary)}" '
        'font-family="system-ui, sans-serif">'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
        f'<text x="16" y="30" font-size="19" font-weight="600" fill="{INK}">'
        f"Whom to engage first</text>{legend}{rows}"
        f'<text x="16" y="{height - 14}" font-size="13" fill="{QUIET}">{_text(note)}</text></svg>'
    )


def _legend(criteria: Sequence[str], shares: Sequence[float]) -> tuple[str, int]:
    """The key, and where the bars may begin."""
    parts, x, y = [], 16, TOP
    for number, (name, share) in enumerate(zip(criteria, shares, strict=True)):
        told = f"{_short(_spoken(name))} {share:.0%}"
        wide = 34 + 8 * len(told)
        if x > 16 and x + wide > WIDTH:
            x, y = 16, y + 24
        colour = COLOURS[number % len(COLOURS)]
        parts.append(f'<rect x="{x}" y="{y - 12}" width="14" height="14" fill="{colour}"/>')
        parts.append(f'<text x="{x + 20}" y="{y}" font-size="14" fill="{INK}">{_text(told)}</text>')
        x += wide
    return "".join(parts), y + 22


def _bar(place: Place, criteria: Sequence[str], y: int) -> str:
    name = _text(_short(f"{place.rank}. {place.name}"))
    parts = [f'<text x="16" y="{y + 18}" font-size="14" fill="{INK}">{name}</text>']
    x = float(NAMES)
    for number, criterion in enumerate(criteria):
        wide = BARS * place.parts[criterion] / 100
        if wide > 0:
            told = _text(f"{_spoken(criterion)}: {place.parts[criterion]:.1f}")
            parts.append(
                f'<rect x="{x:.1f}" y="{y + 4}" width="{max(wide - 1, 0.5):.1f}" height="20" '
                f'fill="{COLOURS[number % len(COLOURS)]}"><title>{told}</title></rect>'
            )
        x += wide
    spread = "" if place.best == place.worst else f" ({place.best} to {place.worst})"
    gap = "*" if place.missing else ""
    parts.append(
        f'<text x="{x + 8:.1f}" y="{y + 18}" font-size="14" fill="{QUIET}">'
        f"{place.score:.0f}{gap}{spread}</text>"
    )
    return "".join(parts)


def as_html(found: Priorities) -> str:
    """A page with the picture, what would change it, and everything as a table."""
    tips = "".join(f"<li>{_text(tip)}</li>" for tip in tipping_sentences(found))
    head = "".join(
        f'<th scope="col">{_text(name)}</th>'
        for name in ("Rank", "Customer", "Score", *map(_spoken, found.weights), "Ranks met", "")
    )
    rows = "".join(_row(place, list(found.weights)) for place in found.places)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Whom to engage first</title>'
        f"<style>{STYLE}</style></head><body><main><h1>Whom to engage first</h1>"
        f"<p>{_text(found.summary)}</p>{as_svg(found)}<h2>What would change it</h2><ul>{tips}</ul>"
        '<div class="scroll" tabindex="0" role="region" aria-label="All customers">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        "</main></body></html>\n"
    )


def tipping_sentences(found: Priorities) -> list[str]:
    """What would put another customer first, and what says nothing here."""
    told = [
        f"{tip.name} comes first if {_spoken(tip.criterion)} weighs {tip.share:.0%} "
        f"instead of {tip.now:.0%}."
        for tip in found.tipping
    ]
    still = [name for name in found.weights if name not in {tip.criterion for tip in found.tipping}]
    if still and sum(place.rank == 1 for place in found.places) == 1:
        told.append(f"No weight of {_listed(still)} alone puts another customer first.")
    if found.flat:
        told.append(f"All customers are alike in {_listed(found.flat)}: it decides nothing.")
    if missing := [place.name for place in found.places if place.missing]:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        told.append(
            f"Values are missing for {', '.join(missing[:3])}{more}; they count as the worst (*)."
        )
    return told


def _row(place: Place, criteria: Sequence[str]) -> str:
    spread = f"{place.best}" if place.best == place.worst else f"{place.best} to {place.worst}"
    missing = f"no {_listed(place.missing)}" if place.missing else ""
    numbers = "".join(f'<td class="number">{place.parts[name]:.1f}</td>' for name in criteria)
    return (
        f'<tr><td class="number">{place.rank}</td><th scope="row">{_text(place.name)}</th>'
        f'<td class="number">{place.score:.1f}</td>{numbers}'
        f'<td class="number">{spread}</td><td>{_text(missing)}</td></tr>'
    )


def _listed(names: Sequence[str]) -> str:
    *most, last = map(_spoken, names)
    return f"{', '.join(most)} or {last}" if most else last


def _spoken(criterion: str) -> str:
    return criterion.replace("_", " ")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def _text(text: str) -> str:
    return html.escape(" ".join(plain(text).split()))
