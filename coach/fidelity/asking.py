"""Which games somebody wants to see played, checked before any is."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from coach.errors import BadInput
from coach.fidelity.sellers import SELLERS
from coach.fidelity.tournament import Plan
from coach.scenario import Difficulty
from coach.scenario_book import load_scenarios


@dataclass(frozen=True)
class Wish:
    """None, or none named, are all; ``seeds`` and ``spread`` as in ``Plan``."""

    scenarios: Sequence[str] = ()
    difficulties: Sequence[str] = ()
    sellers: Sequence[str] = ()
    seeds: int = 1
    spread: bool = True

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Wish:
        return cls(**record)

    def as_record(self) -> dict[str, Any]:
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}

    def as_command(self) -> str:
        """What plays the same on a terminal."""
        named = [
            *(word for one in self.scenarios for word in ("--scenario", one)),
            *(word for one in self.difficulties for word in ("--difficulty", one)),
            *(word for one in self.sellers for word in ("--seller", one)),
            *("--seeds", str(self.seeds)),
            *(["--spread"] if self.spread else []),
        ]
        return shlex.join(["coach", "fidelity", *named])


def plan_of(wish: Wish) -> Plan:
    """What is to be played; raises BadInput or NotFound for what there isn't."""
    if unknown := set(wish.sellers) - set(SELLERS):
        known = ", ".join(SELLERS)
        raise BadInput(f"there is no seller {sorted(unknown)[0]!r}; there are: {known}")
    if unknown := set(wish.difficulties) - set(Difficulty):
        raise BadInput(f"there is no difficulty {sorted(unknown)[0]!r}; say easy, normal or hard")
    book = load_scenarios()
    named = dict.fromkeys(wish.scenarios)
    return Plan(
        scenarios=[book.get(key) for key in named] if named else book.all(),
        difficulties=[d for d in Difficulty if not wish.difficulties or d in wish.difficulties],
        sellers=[name for name in SELLERS if not wish.sellers or name in wish.sellers],
        seeds=wish.seeds,
        spread=wish.spread,
    )
