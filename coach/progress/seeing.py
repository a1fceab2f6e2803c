"""When a check counts as kept or missed, over the verdicts of one session. Pure.

The same rules as in the debrief: what has to be done by the end is missed once if it never was,
a rule that only forbids is kept once by a session that never breaks it, and what is about a buyer
with a need, or without, is left out where the buyer wasn't such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from coach.assessment import Verdict
from coach.overruling import Overruling
from coach.progress import Seen
from coach.progress.practised import JudgedCheck, JudgedTurn, Practised
from coach.rubric import RubricItem, When
from coach.scenario import Scenario
from coach.session import Status

Rulings = Mapping[tuple[int, str], Overruling]


def seen_in(
    session: Practised, scenario: Scenario | None, turns: Sequence[JudgedTurn], rulings: Rulings
) -> tuple[Seen, ...]:
    """All that counts of one session; a trainer's verdict stands in place of the coach's.

    Without the scenario, which may be gone for good, what the replies told is all there is.
    """
    items = {item.id: item for item in scenario.checks} if scenario else {}
    needed = scenario is None or scenario.needed(session.seed)
    judged: dict[str, list[tuple[JudgedTurn, JudgedCheck]]] = {}
    for turn in turns:
        for check in turn.checks:
            judged.setdefault(check.id, []).append((turn, check))
    found: list[Seen] = []
    for check_id, verdicts in judged.items():
        told = [
            _seen(session, turn, check, rulings)
            for turn, check in verdicts
            if _verdict(turn, check, rulings) is not Verdict.NOT_OBSERVABLE
        ]
        item = items.get(check_id)
        if item is None:
            found += told
        elif item.when_needed in (None, needed):
            found += _counted(item, told)
            if not told and session.status is not Status.ACTIVE:
                found += _at_the_end(item, session, *verdicts[-1])
    return tuple(found)


def _seen(session: Practised, turn: JudgedTurn, check: JudgedCheck, rulings: Rulings) -> Seen:
    return Seen(
        check.id,
        check.question,
        _verdict(turn, check, rulings) is Verdict.YES,
        check.quote,
        turn.at,
        session.id,
        turn.index,
        session.scenario,
        by_trainer=(turn.index, check.id) in rulings,
    )


def _verdict(turn: JudgedTurn, check: JudgedCheck, rulings: Rulings) -> Verdict:
    if ruling := rulings.get((turn.index, check.id)):
        return ruling.verdict
    return Verdict.NOT_OBSERVABLE if check.excused else check.verdict


def _counted(item: RubricItem, told: Sequence[Seen]) -> Iterable[Seen]:
    """What has to be done once is kept once, however often it was done."""
    if item.when is not When.BY_END:
        return told
    done = next((one for one in told if one.kept), None)
    return [one for one in told if not one.kept] + ([done] if done else [])


def _at_the_end(
    item: RubricItem, session: Practised, last: JudgedTurn, check: JudgedCheck
) -> Iterator[Seen]:
    """Of a check that no reply told anything about."""
    forbids = not item.yes
    if forbids or item.when is When.BY_END:
        place = (last.at, session.id, last.index, session.scenario)
        yield Seen(item.id, check.question, forbids, "", *place)


def once_each(seen: Iterable[Seen]) -> list[Seen]:
    """Oldest first. A reply that branches of a session share was said once, at one instant."""
    found: dict[tuple[str, int, datetime], Seen] = {}
    for one in seen:
        key = (one.check, one.turn, one.at)
        if key not in found or (one.by_trainer and not found[key].by_trainer):
            found[key] = one
    return sorted(found.values(), key=lambda one: (one.at, one.turn))
