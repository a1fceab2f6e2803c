"""The hint ladder: a question to think about, the move to make, full suggestions.

Hints rest on what is already on the table; they never give away a hidden concern.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.buyer import BuyerState, ConcernState, Standing
from coach.moves import MoveKind
from coach.rubric import RubricItem
from coach.scenario import Persona, Scenario
from coach.suggestion import Situation
from knowledge.evidence import Truth

HIGHEST = 3

_FULL = "Here is how it could be said. Put it into your own words."


@dataclass(frozen=True)
class Pointer:
    """What would help now: a question to think about, and the move to make.

    ``rules`` are those by which a rubric would see that move.
    """

    question: str
    move: str
    rules: tuple[str, ...] = ()


def hint_text(pointer: Pointer, level: int) -> str:
    """The text of a hint at ``level`` 1 to 3."""
    if level >= HIGHEST:
        return _FULL
    return pointer.question if level == 1 else pointer.move


def at_stake(scenario: Scenario, pointer: Pointer) -> RubricItem | None:
    """The check that the move would keep, if the rubric asks for it."""
    return next(
        (item for rule in pointer.rules for item in scenario.checks if rule in item.yes), None
    )


def wanted_now(scenario: Scenario, state: BuyerState) -> tuple[str, ...]:
    """What a good answer would bring now: examples of the need that the buyer asked for, or else
    of each that is missing for the concern on the table."""
    concern = next(c for c in scenario.concerns if c.id == state.focus)
    met = state.concerns[concern.id].met
    missing = [n for n in concern.needs if n.about and n.id not in met]
    asked = [n for n in missing if f"{concern.id}/{n.id}" == state.pending]
    each = 5 if asked else 2
    return tuple(text for need in (asked or missing) for text in need.about[:each])


def situation_in(scenario: Scenario, persona: Persona) -> Situation:
    """Whom proof should resemble; in a plan they buy nothing, and no peer of theirs proves it."""
    if scenario.kind == "strategic":
        return Situation()
    return Situation(persona.sector, persona.region, scenario.competitor, persona.size)


def pointer(scenario: Scenario, state: BuyerState) -> Pointer:
    """For where the talk stands now."""
    concern = state.concerns[state.focus]
    label = next(c.short for c in scenario.concerns if c.id == state.focus)
    if urgent := _urgent(state) or _rumour(scenario, state):
        return urgent
    if all(c.standing in (Standing.RESOLVED, Standing.HIDDEN) for c in state.concerns.values()):
        if any(c.standing is Standing.HIDDEN for c in state.concerns.values()):
            return Pointer(
                "What could still hold them back that nobody has said aloud?",
                "Ask openly whether anything else would keep them from going on.",
                ("explore",),
            )
        return Pointer(
            "What would be a small step that they can say yes to?",
            f"Propose one concrete next step with a day: {scenario.next_step.label}.",
            ("next_step",),
        )
    return _on(concern, label, state, scenario.kind == "strategic")


def _urgent(state: BuyerState) -> Pointer | None:
    """What comes before any concern: an unneeded sale, a claim in doubt, a promise in doubt."""
    if state.knows_no_need:
        return Pointer(
            "After what they just told you: do they need it at all?",
            "Say honestly that they don't need it now, and offer to come back if that changes.",
            ("disqualify",),
        )
    if state.challenged:
        return Pointer(
            "They doubt something you said. Can you show where it comes from?",
            "Name the source, take it back openly, or say by when you'll send it.",
            ("evidence",),
        )
    if state.reminded:
        return Pointer(
            "They ask about a promise of yours. Will you keep it?",
            "Say plainly that it stands and by when, or what you can deliver instead.",
            ("commit",),
        )
    return None


def _on(concern: ConcernState, label: str, state: BuyerState, plan: bool) -> Pointer:
    if not concern.heard:
        return Pointer(
            f"What do they feel about {label}, and have you shown that you heard it?",
            f"Acknowledge {label} in their own words, before you answer anything.",
            ("acknowledge",),
        )
    if not concern.explored:
        return Pointer(
            f"What don't you know yet about {label}?",
            f"Ask one open question about {label} and let them talk.",
            ("explore",),
        )
    if state.pending:
        return Pointer(
            "They asked you for something. Did you give exactly that?",
            "Answer what they asked, with one fact that has a source.",
            (f"need:{state.pending}", "evidence"),
        )
    if concern.standing is Standing.ANSWERED:
        return Pointer(
            "You have answered. How do you know that it was enough?",
            "Check it: ask whether that settles it, and what is still missing.",
            ("check",),
        )
    if plan:
        return Pointer(
            f"What would somebody who doubts {label} want to see in black and white?",
            "Give one figure with its source, or your own working, then check whether it helps.",
            ("evidence",),
        )
    return Pointer(
        f"What proof about {label} could they check without you?",
        "Give one fact with a source, from a customer like them, then check whether it helps.",
        ("evidence",),
    )


def _rumour(scenario: Scenario, state: BuyerState) -> Pointer | None:
    if scenario.rumour is None or any(
        c.standing is Standing.HIDDEN and state.focus == key for key, c in state.concerns.items()
    ):
        return None
    truth, done = scenario.rumour.truth, state.flags
    if truth is Truth.TRUE and "owned" not in done:
        return Pointer(
            "Is it true? And who should they hear it from?",
            "Own it in your first sentence: what happened, without excuses. Then what changed.",
            ("own",),
        )
    if truth is Truth.FALSE and "corrected" not in done:
        return Pointer(
            "What is the fact, and how can they check it?",
            "State the fact, name the rumour once, say why it is wrong, and give the source.",
            ("correct", *_needs_met_by(MoveKind.CORRECT, scenario, state)),
        )
    return None


def _needs_met_by(move: MoveKind, scenario: Scenario, state: BuyerState) -> list[str]:
    """As rules of a rubric, for the concern on the table."""
    concern = next(c for c in scenario.concerns if c.id == state.focus)
    return [f"need:{concern.id}/{need.id}" for need in concern.needs if need.move is move]
