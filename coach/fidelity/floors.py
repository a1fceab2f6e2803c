"""What must hold of a simulation that is honest, held against what was played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.buyer import Ending
from coach.fidelity.faults import FaultKind
from coach.fidelity.outcome import Outcome, Tally, tallied, wilson
from coach.fidelity.sellers import HOPELESS
from coach.scenario import Difficulty

EASY, NORMAL, HARD = (d.value for d in Difficulty)
STRICT = (NORMAL, HARD)
WINS = {EASY: 0.95, NORMAL: 0.8, HARD: 0.4}  # of a strong seller, at least
REPEATED = 0.01  # share of sentences, below


@dataclass(frozen=True)
class Floor:
    """One thing that must hold. ``found`` is what was seen, ``where`` the places it fails in."""

    id: str
    claim: str
    held: bool
    found: str
    where: tuple[str, ...] = ()


def floors_of(outcomes: Sequence[Outcome]) -> list[Floor]:
    """Every floor that can be judged by what was played."""
    return [*_wins(outcomes), *_order(outcomes), *_honesty(outcomes)]


def _wins(outcomes: Sequence[Outcome]) -> Iterator[Floor]:
    strict = [o for o in outcomes if o.game.difficulty in STRICT]
    for name, tally in tallied(strict, lambda o: o.game.seller).items():
        if name in HOPELESS:
            won = [o for o in strict if o.won and o.game.seller == name]
            yield Floor(
                f"{name}-never-wins",
                f"The {name} seller wins nothing at normal and hard.",
                not won,
                f"{tally.won} of {tally.sessions:,}",
                tuple(dict.fromkeys(f"{o.game.scenario} at {o.game.difficulty}" for o in won)),
            )
    strong = [o for o in outcomes if o.game.seller == "strong"]
    for difficulty, tally in tallied(strong, lambda o: o.game.difficulty.value).items():
        yield Floor(
            f"strong-wins-{difficulty}",
            f"The strong seller wins at least {WINS[difficulty]:.0%} at {difficulty}.",
            tally.share >= WINS[difficulty],
            f"{tally.won:,} of {tally.sessions:,} ({tally.share:.0%})",
        )


def _order(outcomes: Sequence[Outcome]) -> Iterator[Floor]:
    by_level = tallied(outcomes, lambda o: (o.game.difficulty.value, o.game.seller))
    levels = [
        level
        for level in dict.fromkeys(difficulty for difficulty, _ in by_level)
        if all((level, seller) in by_level for seller in ("weak", "average", "strong"))
    ]
    if levels:
        shares = {
            level: [by_level[level, s].share for s in ("weak", "average", "strong")]
            for level in levels
        }
        yield Floor(
            "average-between",
            "The average seller wins more than the weak and less than the strong one.",
            all(low <= middle < high for low, middle, high in shares.values())
            and any(low < middle for low, middle, _ in shares.values()),
            "; ".join(
                f"{level}: " + " < ".join(f"{s:.0%}" for s in shares[level]) for level in levels
            ),
        )
    cells = tallied(outcomes, lambda o: (o.game.scenario, o.game.difficulty.value, o.game.seller))
    places = list(dict.fromkeys((scenario, level) for scenario, level, _ in cells))
    yield from _separated(cells, places)
    yield from _monotone(cells, places)


Cells = dict[tuple[str, str, str], Tally]
Places = Sequence[tuple[str, str]]


def _separated(cells: Cells, places: Places) -> Iterator[Floor]:
    both = [p for p in places if (*p, "strong") in cells and (*p, "weak") in cells]
    if not both:
        return
    apart = {p: _apart(cells[*p, "strong"], cells[*p, "weak"]) for p in both}
    yield Floor(
        "strong-apart-from-weak",
        "In every scenario the 95% intervals of strong and weak lie apart.",
        all(apart.values()),
        f"{sum(apart.values())} of {len(both)} scenarios and difficulties",
        tuple(f"{scenario} at {level}" for (scenario, level), ok in apart.items() if not ok),
    )


def _apart(strong: Tally, weak: Tally) -> bool:
    return wilson(strong.won, strong.sessions)[0] > wilson(weak.won, weak.sessions)[1]


def _monotone(cells: Cells, places: Places) -> Iterator[Floor]:
    order = ("weak", "average", "strong")
    whole = [p for p in places if all((*p, seller) in cells for seller in order)]
    if not whole:
        return
    broken = []
    for scenario, level in whole:
        shares = [cells[scenario, level, seller].share for seller in order]
        if shares != sorted(shares):
            told = ", ".join(f"{s} {share:.0%}" for s, share in zip(order, shares, strict=True))
            broken.append(f"{scenario} at {level}: {told}")
    yield Floor(
        "monotone",
        "In every scenario strong wins at least as often as average, and average as weak.",
        not broken,
        f"{len(whole) - len(broken)} of {len(whole)} scenarios and difficulties",
        tuple(broken),
    )


#: Floors of what a buyer must never do: the fault, and how it is said.
_NEVER = {
    FaultKind.EARLY_CONCESSION: "No concern is let go before its condition holds.",
    FaultKind.OVER_DISCLOSURE: "Nothing hidden is told before it is earned.",
    FaultKind.ROLE_FLIP: "No buyer leaves the role.",
}


def _honesty(outcomes: Sequence[Outcome]) -> Iterator[Floor]:
    for kind, claim in _NEVER.items():
        places = [
            f"{o.game.seller} in {o.game.scenario} at {o.game.difficulty}: {fault.words}"
            for o in outcomes
            for fault in o.faults
            if fault.kind is kind
        ]
        found = f"{len(places):,} in {len(outcomes):,} sessions"
        yield Floor(kind.value, claim, not places, found, tuple(dict.fromkeys(places))[:20])
    total = sum(o.sentences for o in outcomes)
    again = sum(f.kind is FaultKind.REPEATED_LINE for o in outcomes for f in o.faults)
    share = again / total if total else 0.0
    yield Floor(
        FaultKind.REPEATED_LINE.value,
        f"Less than {REPEATED:.0%} of a buyer's sentences come again within a session.",
        share < REPEATED,
        f"{again:,} of {total:,} ({share:.2%})",
    )
    endless = [o.game for o in outcomes if o.end is Ending.OPEN]
    yield Floor(
        "ends",
        "Every session comes to an end.",
        not endless,
        f"{len(endless)} of {len(outcomes):,} did not",
        tuple(f"{g.seller} in {g.scenario} at {g.difficulty}" for g in endless[:20]),
    )
