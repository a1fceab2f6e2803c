"""What the bot shows, as Block Kit: data in, blocks out. Pure; what people typed stays text."""

from __future__ import annotations

from collections.abc import Sequence

from api.slack.limits import BUTTON, HEADER, OPTION, OPTIONS, Block, cut, messages, pieces
from api.slack.wording import escaped, literal, quoted
from api.web.wording import CLAIMS, STYLES, VERDICTS
from coach.assessment import Assessment
from coach.claims import ClaimStatus
from coach.practice.hinting import Hint
from coach.scenario import Scenario
from coach.session import Session, Turn
from coach.suggestion import Advice, Suggestion
from knowledge.evidence import Evidence

__all__ = ["Block", "messages"]

KINDS = {"tactical": "Tactical: one objection", "strategic": "Strategic: defend a plan"}
NOTHING_CITED = "You claimed nothing that evidence could bear out. That is fine for a question."


def section(mrkdwn: str) -> list[Block]:
    """One block, or as many as the text needs."""
    return [{"type": "section", "text": _mrkdwn(part)} for part in pieces(mrkdwn)]


def header(text: str) -> Block:
    return {"type": "header", "text": _plain(cut(text, HEADER))}


def note(mrkdwn: str) -> list[Block]:
    return [{"type": "context", "elements": [_mrkdwn(part)]} for part in pieces(mrkdwn, 2000)]


def button(label: str, action: str, value: str = "", style: str = "") -> Block:
    made: Block = {
        "type": "button",
        "text": _plain(cut(label, BUTTON)),
        "action_id": action,
        "value": value or "-",
    }
    return {**made, "style": style} if style else made


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}


# --- practice ---


def picker(scenarios: Sequence[Scenario]) -> list[Block]:
    """Which scenario to practise; a list for each kind."""
    groups = []
    for kind, label in KINDS.items():
        of_kind = [one for one in scenarios if one.kind == kind][:OPTIONS]
        options = [{"text": _plain(cut(s.title, OPTION)), "value": cut(s.id, 150)} for s in of_kind]
        if options:
            groups.append({"label": _plain(label), "options": options})
    if not groups:
        return section("There is no scenario to practise yet.")
    choice = {
        "type": "static_select",
        "action_id": "pick",
        "placeholder": _plain("Choose an objection"),
        "option_groups": groups,
    }
    return [*section("*What would you like to practise?*"), actions(choice)]


def root(scenario: Scenario, session: Session) -> list[Block]:
    """What opens the thread."""
    who = scenario.persona(session.persona)
    about = f"{who.name}, {who.role}, {who.organisation}"
    return [
        header(scenario.title),
        *section(f"{literal(scenario.summary)}\n*Your goal:* {literal(scenario.goal)}"),
        *note(f"You talk to {literal(about)}. Answer in this thread; only you and I see it."),
    ]


def said(turn: Turn, session: Session, goes_on: bool = True) -> list[Block]:
    """The buyer's words, and what one can do about them."""
    blocks = section(literal(turn.text))
    return [*blocks, controls(session.id, turn.index)] if goes_on else blocks


def controls(session_id: str, index: int) -> Block:
    """``index`` is that of the buyer's words; what judges a reply is there from the first on."""
    value = f"{session_id}:{index}"
    judged = index > 0
    found = [button("Hint", "hint", value)]
    if judged:
        found += [button("Why", "why", value), button("Sources", "sources", value)]
        found += [button("Rewind", "rewind", value)]
    return actions(*found, button("End", "end", value, "danger"))


def coached(text: str) -> list[Block]:
    """The coach's own voice, which can't be taken for the buyer's."""
    return note(f":compass: *Coach:* {literal(text)}")


def way_in(text: str, link: str) -> list[Block]:
    """``link`` is ours, and for once."""
    return [*coached(text), *(section(f"<{link}|Say who you are>") if link else [])]


def hint(given: Hint) -> list[Block]:
    found = coached(given.text)
    for suggestion in given.suggestions:
        found += suggested(suggestion)
    return found


def why(judged: Assessment) -> list[Block]:
    """How the reply was judged, each verdict with its words."""
    if not judged.scored:
        return coached(judged.reason or "This reply was not judged.")
    seen = [check for check in judged.checks if check.verdict != "not_observable"]
    if not seen:
        return coached("Nothing in this reply could be judged; ask or answer something.")
    found = coached("How your reply was judged")
    for check in seen:
        mark = ":white_check_mark:" if check.verdict == "yes" else ":x:"
        words = f"\n{quoted(check.quote)}" if check.quote else ""
        verdict = VERDICTS[check.verdict]
        found += section(
            f"{mark} {verdict}: {literal(check.question)} {literal(check.explanation)}{words}"
        )
    return found


def sources(judged: Assessment, titles: dict[str, Evidence]) -> list[Block]:
    """Each claim of the reply against the evidence."""
    claims = [one for one in judged.claims if one.status is not ClaimStatus.NOT_A_CLAIM]
    if not claims:
        return coached(NOTHING_CITED)
    found = coached("What you claimed, and what the evidence says")
    for claim in claims:
        told = f"*{CLAIMS[claim.status]}*: “{literal(claim.text)}” {literal(claim.note)}"
        cited = [f"\n{quoted(c.quote)}\n{_source(c.id, titles)}" for c in claim.evidence]
        found += section(told + "".join(cited))
    return found


def _source(evidence_id: str, titles: dict[str, Evidence]) -> str:
    item = titles.get(evidence_id)
    named = f"{item.title} ({item.source})" if item and item.source else evidence_id
    return f"_{escaped(named).replace('_', ' ')}_"


# --- live assist ---


def suggested(one: Suggestion) -> list[Block]:
    cited = "".join(f"\n{quoted(c.quote)} {literal(c.evidence_id)}" for c in one.claims)
    return section(f"*{STYLES[one.style]}*\n{literal(one.text)}{cited}")


def advice(given: Advice) -> list[Block]:
    """Replies to a customer's words, with their sources."""
    if given.objection.type == "none" or not given.suggestions:
        return coached("I hear no objection in this. Paste what the customer said, in their words.")
    found = coached("You could say:")
    for one in given.suggestions:
        found += suggested(one)
    for text in (given.warning, given.note, *given.gaps):
        found += coached(text) if text else []
    return found
