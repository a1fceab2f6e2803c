"""What to practise next, and why: one thing, told in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from coach.progress import Choice, Drill, Level, Mastery, Seen
from coach.progress.practised import Practised
from coach.scenario import Difficulty, Scenario

LONGEST_QUOTE = 120  # characters
_STEPS = list(Difficulty)  # from easy to hard


@dataclass(frozen=True)
class Known:
    """All that a choice rests on. ``masteries`` the weakest first, ``drills`` the first due first,
    ``practised`` newest first, ``scenarios`` as they are listed."""

    masteries: Sequence[Mastery]
    drills: Sequence[Drill]
    practised: Sequence[Practised]
    scenarios: Sequence[Scenario]


def choose(known: Known) -> Choice:
    """A drill that is due, else the weakest check, else what was never or longest not practised."""
    if due := next(due_now(known), None):
        return due
    for weak in known.masteries:
        if weak.level is Level.MASTERED or weak.last_miss is None:
            continue
        if scenario := _scenario_with(weak.check, weak.last_miss, known):
            why = (
                f"Your weakest check is “{weak.question}” ({weak.share:.0%} lately) "
                f"{_last_miss(weak.last_miss, known)}"
            )
            return _on(scenario, why, known, weak, weak.last_miss)
    return _another_scenario(known)


def due_now(known: Known) -> Iterator[Choice]:
    """How to practise each drill that is due, what is most likely forgotten first."""
    by_check = {one.check: one for one in known.masteries}
    for drill in sorted(known.drills, key=lambda one: one.recall):
        if drill.is_due and (scenario := _scenario_with(drill.check, drill.last_miss, known)):
            why = f"It is time again for “{drill.question}” {_last_miss(drill.last_miss, known)}"
            yield _on(scenario, why, known, by_check[drill.check], drill.last_miss, drill.due_at)


def _another_scenario(known: Known) -> Choice:
    latest: dict[str, datetime] = {}
    for one in known.practised:
        latest.setdefault(one.scenario, one.created_at)
    for scenario in known.scenarios:
        if scenario.id not in latest:
            first = "Nothing is practised yet" if not latest else "This one is new to you"
            return _on(scenario, f"{first}: {_called(scenario)}", known)
    scenario = min(known.scenarios, key=lambda one: latest[one.id])
    why = f"Nothing is open; {_called(scenario)} is what you practised longest ago"
    return _on(scenario, why, known, harder=True)


def _on(
    scenario: Scenario,
    why: str,
    known: Known,
    mastery: Mastery | None = None,
    miss: Seen | None = None,
    due_at: datetime | None = None,
    *,
    harder: bool = False,
) -> Choice:
    before = next((one for one in known.practised if one.scenario == scenario.id), None)
    level = mastery.level if mastery else None
    step = 1 if harder or level is Level.MASTERED else -1 if level is Level.STRUGGLING else 0
    return Choice(
        scenario=scenario.id,
        title=scenario.title,
        difficulty=_moved(before.difficulty if before else scenario.difficulty, step),
        persona=_other_persona(scenario, before),
        why=why if why[-1] in ".?!" else f"{why}.",
        check=mastery.check if mastery else "",
        question=mastery.question if mastery else "",
        miss=miss,
        due_at=due_at,
    )


def _scenario_with(check: str, miss: Seen, known: Known) -> Scenario | None:
    """Where it was missed last, else the first that asks for it."""
    able = [one for one in known.scenarios if any(item.id == check for item in one.checks)]
    return next((one for one in able if one.id == miss.scenario), able[0] if able else None)


def _last_miss(miss: Seen, known: Known) -> str:
    titles: Mapping[str, str] = {one.id: _called(one) for one in known.scenarios}
    where = f"in {titles.get(miss.scenario, miss.scenario)}"
    if not miss.quote:
        return f"– {where} it never came"
    quote = " ".join(miss.quote.split()).rstrip(".")
    short = quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1]}…"
    return f"– {where} you missed it with “{short}”"


def _called(scenario: Scenario) -> str:
    return f"“{scenario.title}”"


def _moved(difficulty: Difficulty, step: int) -> Difficulty:
    place = _STEPS.index(difficulty) + step
    return _STEPS[min(max(place, 0), len(_STEPS) - 1)]


def _other_persona(scenario: Scenario, before: Practised | None) -> str:
    """Somebody else than last time, in turn."""
    ids = [one.id for one in scenario.personas]
    place = ids.index(before.persona) + 1 if before and before.persona in ids else 0
    return ids[place % len(ids)]
