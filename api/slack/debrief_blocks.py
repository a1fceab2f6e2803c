"""A debrief as blocks: what matters first, the rest on its page. Pure."""

from __future__ import annotations

from api.slack.blocks import Block, actions, button, header, note, section
from api.slack.wording import literal, quoted
from api.web import wording
from coach.debrief import Debrief
from coach.scenario import Persona

MOST_CHECKS = 12


def debrief(told: Debrief, persona: Persona, page: str = "", shared_by: str = "") -> list[Block]:
    """``page`` is a link to all of it, "" where nobody could open one. ``shared_by`` is the id of
    who shows it to others: then nothing can be pressed, and their words stay out of it."""
    headline = wording.ENDINGS.get(told.ending, wording.OUTCOMES[told.outcome])
    score = "not scored" if told.score is None else f"{told.score} of 100"
    found = [
        header(headline.format(name=persona.name)),
        *section(f"*Score: {score}*  {literal(told.outcome_reason)}"),
    ]
    if shared_by:
        found += note(f"Practised and shared by <@{shared_by}>")
    if told.failed:
        found += section(f":x: *Failed:* {literal(told.failed)}")
    for check in told.checks[:MOST_CHECKS]:
        found += _check(check.question, check.yes, check.no, "" if shared_by else check.best_quote)
    if told.strengths:
        found += section("*What worked*\n" + "\n".join(f"• {literal(s)}" for s in told.strengths))
    if told.next_drill:
        found += section(f"*Next:* {literal(told.next_drill)}")
    if shared_by:
        return found
    if page:
        found += section(f"<{page}|The whole debrief, with what you could have said>")
    return [*found, choices(told.session)]


def choices(session_id: str) -> Block:
    share = {
        "type": "conversations_select",
        "action_id": f"share:{session_id}",
        "placeholder": {"type": "plain_text", "text": "Share this result with…"},
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    again = button("Practise again", "again", session_id, "primary")
    return {**actions(again, share), "block_id": f"after:{session_id}"}


def _check(question: str, yes: int, no: int, quote: str) -> list[Block]:
    if not yes and not no:
        return []
    mark = ":white_check_mark:" if yes >= no else ":x:"
    words = f"\n{quoted(quote)}" if quote else ""
    return section(f"{mark} {literal(question)} {yes} yes, {no} no{words}")
