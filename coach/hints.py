"""The hint ladder: a question to think about, the move to make, full suggestions.

Hints rest on what is already on the table; they never give away a hidden concern.
"""

from __future__ import annotations

from coach.buyer import BuyerState, ConcernState, Standing
from coach.scenario import Persona, Scenario
from coach.suggestion import Situation
from knowledge.evidence import Truth

HIGHEST = 3

_FULL = "Here is how it could be said. Put it into your own words."


def hint_text(scenario: Scenario, state: BuyerState, level: int) -> str:
    """The text of a hint at ``level`` 1 to 3 for where the talk stands now."""
    if level >= HIGHEST:
        return _FULL
    question, move = _advice(scenario, state)
    return question if level == 1 else move


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


def _advice(scenario: Scenario, state: BuyerState) -> tuple[str, str]:
    concern = state.concerns[state.focus]
    label = next(c.short for c in scenario.concerns if c.id == state.focus)
    if urgent := _urgent(state) or _rumour(scenario, state):
        return urgent
    if all(c.standing in (Standing.RESOLVED, Standing.HIDDEN) for c in state.concerns.values()):
        if any(c.standing is Standing.HIDDEN for c in state.concerns.values()):
            return (
                "What could still hold them back that nobody has said aloud?",
                "Ask openly whether anything else would keep them from going on.",
            )
        return (
            "What would be a small step that they can say yes to?",
            f"Propose one concrete next step with a day: {scenario.next_step.label}.",
        )
    return _on(concern, label, state, scenario.kind == "strategic")


def _urgent(state: BuyerState) -> tuple[str, str] | None:
    """What comes before any concern: an unneeded sale, a claim in doubt, a promise in doubt."""
    if state.knows_no_need:
        return (
            "After what they just told you: do they need it at all?",
            "Say honestly that they don't need it now, and offer to come back if that changes.",
        )
    if state.challenged:
        return (
            "They doubt something you said. Can you show where it comes from?",
            "Name the source, take it back openly, or say by when you'll send it.",
        )
    if state.reminded:
        return (
            "They ask about a promise of yours. Will you keep it?",
            "Say plainly that it stands and by when, or what you can deliver instead.",
        )
    return None


def _on(concern: ConcernState, label: str, state: BuyerState, plan: bool) -> tuple[str, str]:
    if not concern.heard:
        return (
            f"What do they feel about {label}, and have you shown that you heard it?",
            f"Acknowledge {label} in their own words, before you answer anything.",
        )
    if not concern.explored:
        return (
            f"What don't you know yet about {label}?",
            f"Ask one open question about {label} and let them talk.",
        )
    if state.pending:
        return (
            "They asked you for something. Did you give exactly that?",
            "Answer what they asked, with one fact that has a source.",
        )
    if concern.standing is Standing.ANSWERED:
        return (
            "You have answered. How do you know that it was enough?",
            "Check it: ask whether that settles it, and what is still missing.",
        )
    if plan:
        return (
            f"What would somebody who doubts {label} want to see in black and white?",
            "Give one figure with its source, or your own working, then check whether it helps.",
        )
    return (
        f"What proof about {label} could they check without you?",
        "Give one fact with a source, from a customer like them, then check whether it helps.",
    )


def _rumour(scenario: Scenario, state: BuyerState) -> tuple[str, str] | None:
    if scenario.rumour is None or any(
        c.standing is Standing.HIDDEN and state.focus == key for key, c in state.concerns.items()
    ):
        return None
    truth, done = scenario.rumour.truth, state.flags
    if truth is Truth.TRUE and "owned" not in done:
        return (
            "Is it true? And who should they hear it from?",
            "Own it in your first sentence: what happened, without excuses. Then what changed.",
        )
    if truth is Truth.FALSE and "corrected" not in done:
        return (
            "What is the fact, and how can they check it?",
            "State the fact, name the rumour once, say why it is wrong, and give the source.",
        )
    return None
