"""The figures of a fidelity report as SVG. Pure; colours are classes of the page's style.

Every mark carries its figure as a title, and every picture has a table beside it.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WIDTH, NAMES, RIGHT, TOP = 940, 190, 120, 34
BAND, GAP = 13, 16  # height of one difficulty's mark, and between two names
Row = Mapping[str, Any]

#: How a session can end, in the order in which they are stacked, and as a reader calls it.
ENDS = {
    "agreed": "a next step agreed",
    "honest_no": "an honest no",
    "guessed_no": "a guessed no",
    "need_missed": "a no, though needed",
    "walked_away": "walked away",
    "open": "no end",
}


def win_rates(rows: Sequence[Row], sellers: Sequence[str], levels: Sequence[str]) -> str:
    """A dot for each seller and difficulty, and a whisker for its 95% interval."""
    found = {(row["seller"], row["difficulty"]): row for row in rows}

    def marks(name: str, y: float) -> Iterator[str]:
        for number, level in enumerate(levels):
            if row := found.get((name, level)):
                yield _interval(row, y + number * BAND + BAND / 2)

    return _chart("Win rate by seller and difficulty", sellers, levels, marks, _shares())


def _interval(row: Row, y: float) -> str:
    low, at, high = (_x(row[key]) for key in ("win_rate_from", "win_rate", "win_rate_to"))
    told = (
        f"{row['seller']} at {row['difficulty']}: {row['won']:,} of {row['sessions']:,} won, "
        f"{row['win_rate']:.1%} ({row['win_rate_from']:.1%} to {row['win_rate_to']:.1%})"
    )
    few = 0 < row["win_rate"] < 0.01  # not none
    label = f"{row['win_rate']:.1%}" if few else f"{row['win_rate']:.0%}"
    return (
        f'<g class="{row["difficulty"]}"><title>{_text(told)}</title>'
        f'<line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<circle cx="{at:.1f}" cy="{y:.1f}" r="4.5"/></g>'
        f'<text class="quiet" x="{WIDTH - RIGHT + 18}" y="{y + 4:.1f}">{label}</text>'
    )


def turns_to_win(rows: Sequence[Row], scenarios: Sequence[str], levels: Sequence[str]) -> str:
    """From the fewest to the most turns of the sessions that the strong seller won."""
    strong = [row for row in rows if row["seller"] == "strong" and row["won"]]
    found = {(row["scenario"], row["difficulty"]): row for row in strong}
    longest = max((row["most_turns_to_win"] for row in strong), default=1)

    def marks(name: str, y: float) -> Iterator[str]:
        for number, level in enumerate(levels):
            if row := found.get((name, level)):
                yield _range(row, longest, y + number * BAND + BAND / 2)

    ticks = [(turn / longest, str(turn)) for turn in range(0, longest + 1, 5)]
    return _chart("Turns to win, by scenario", scenarios, levels, marks, ticks)


def _range(row: Row, longest: int, y: float) -> str:
    fewest, middle, most = (
        row[key] for key in ("fewest_turns_to_win", "turns_to_win", "most_turns_to_win")
    )
    told = f"{row['scenario']} at {row['difficulty']}: {fewest} to {most} turns, median {middle:g}"
    low, at, high = (_x(turns / longest) for turns in (fewest, middle, most))
    return (
        f'<g class="{row["difficulty"]}"><title>{_text(told)}</title>'
        f'<line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<circle cx="{at:.1f}" cy="{y:.1f}" r="4.5"/></g>'
        f'<text class="quiet" x="{WIDTH - RIGHT + 18}" y="{y + 4:.1f}">{middle:g}</text>'
    )


def endings(rows: Sequence[Row], sellers: Sequence[str], levels: Sequence[str]) -> str:
    """How the sessions of each seller ended, a bar per difficulty."""
    found = {(row["seller"], row["difficulty"]): row for row in rows}

    def marks(name: str, y: float) -> Iterator[str]:
        for number, level in enumerate(levels):
            if row := found.get((name, level)):
                yield from _stack(row, y + number * BAND)

    return _chart("How sessions ended", sellers, levels, marks, _shares(), tuple(ENDS.items()))


def _stack(row: Row, y: float) -> Iterator[str]:
    left = 0.0
    for end, called in ENDS.items():
        share = row[end] / row["sessions"]
        if share:
            told = f"{row['seller']} at {row['difficulty']}: {called} {share:.1%}"
            x, wide = _x(left), (WIDTH - NAMES - RIGHT) * share
            yield (
                f'<rect class="{end}" x="{x:.1f}" y="{y + 1:.1f}" width="{max(wide - 1, 0.6):.1f}" '
                f'height="{BAND - 2}"><title>{_text(told)}</title></rect>'
            )
        left += share
    yield (
        f'<text class="quiet" x="{WIDTH - RIGHT + 18}" y="{y + BAND - 2:.1f}">'
        f"{_text(row['difficulty'])}</text>"
    )


def _shares() -> list[tuple[float, str]]:
    return [(n / 5, f"{n * 20}%") for n in range(6)]


def _x(share: float) -> float:
    return NAMES + (WIDTH - NAMES - RIGHT) * share


def _chart(
    title: str,
    names: Sequence[str],
    levels: Sequence[str],
    marks: Any,
    ticks: Sequence[tuple[float, str]],
    key: Sequence[tuple[str, str]] = (),
) -> str:
    """Rows of names, each with what ``marks`` draws for it, over an axis of ``ticks``."""
    step = BAND * len(levels) + GAP
    foot = TOP + step * len(names)
    axis = "".join(
        f'<line class="grid" x1="{_x(at):.1f}" x2="{_x(at):.1f}" y1="{TOP - 8}" y2="{foot - 6}"/>'
        f'<text class="quiet" x="{_x(at):.1f}" y="{foot + 12}" text-anchor="middle">{told}</text>'
        for at, told in ticks
    )
    body = "".join(
        f'<text x="{NAMES - 14}" y="{TOP + row * step + step / 2 - 2:.1f}" text-anchor="end">'
        f"{_text(name)}</text>{''.join(marks(name, TOP + row * step))}"
        for row, name in enumerate(names)
    )
    legend = _legend(key or [(level, level) for level in levels], boxes=bool(key))
    return (
        f'<svg viewBox="0 0 {WIDTH} {foot + 22}" role="img" aria-label="{_text(title)}">'
        f"{legend}{axis}{body}</svg>"
    )


def _legend(key: Sequence[tuple[str, str]], boxes: bool) -> str:
    parts, x = [], NAMES
    for css, told in key:
        mark = (
            f'<rect class="{css}" x="{x - 6}" y="4" width="12" height="12"/>'
            if boxes
            else f'<g class="{css}"><circle cx="{x}" cy="10" r="4.5"/></g>'
        )
        parts.append(f'{mark}<text x="{x + 12}" y="14">{_text(told)}</text>')
        x += 36 + 7 * len(told)
    return "".join(parts)


def _text(text: object) -> str:
    return html.escape(str(text))
