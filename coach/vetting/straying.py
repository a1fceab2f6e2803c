"""Is it still this talk? A sentence full of words that no such talk has is about something else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from coach.scenario import Scenario
from coach.scenario_book import SHARED_LINES, load_scenarios
from coach.vetting.fault import Fault
from coach.vetting.remembering import per_scenario
from coach.vetting.words import stems

if TYPE_CHECKING:
    from coach.vetting.ground import Ground

#: How many stems of a text are strange here, and what share of them.
FAR = ((2, 0.4), (4, 0.33))


def strayed(text: str, ground: Ground) -> Fault | None:
    """Compared by stems with all that buyers are written to say, and with what was said here."""
    return Fault.STRAYED if is_far(text, ground.vocabulary) else None


def is_far(text: str, vocabulary: frozenset[str]) -> bool:
    """Whether too much of ``text`` isn't among the stems of ``vocabulary``."""
    said = stems(text)
    strange = len(said - vocabulary)
    return any(strange >= few and strange >= share * len(said) for few, share in FAR)


@per_scenario
def vocabulary(scenario: Scenario) -> frozenset[str]:
    """Stems of all that may come up where this scenario is played."""
    return shipped_vocabulary() | stems(f"{scenario.spoken}\n{scenario.summary}")


@cache
def shipped_vocabulary() -> frozenset[str]:
    """The words of every written line: what people say who buy, doubt and answer."""
    lines = [path.read_text(encoding="utf-8") for path in sorted(SHARED_LINES.glob("*.yaml"))]
    return stems("\n".join([*lines, *(s.spoken for s in load_scenarios().all())]))
