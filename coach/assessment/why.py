"""One sentence of why, about this very reply: what it took up, what it left out, what it risked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach.assessment.reply import Reply
from coach.assessment.said import cut, on_the_table, taken_up, their_point
from coach.assessment.seen import NEED
from coach.buyer import Standing
from coach.claims import Claim, ClaimStatus
from coach.moves import Move
from coach.moves import MoveKind as M
from coach.perception.cues.offering import BY_WHEN
from coach.rubric import RubricItem, When
from coach.scenario import Act, Scenario

#: What an open question brought, by what the buyer did next.
_BROUGHT = {
    Act.EXPLAIN: ", and they told you more",
    Act.REVEAL: ", and they told you what it is really about",
    Act.TELL_FACT: ", and they told you something new",
}


@dataclass(frozen=True)
class Why:
    """Explains the verdicts on one reply."""

    scenario: Scenario
    reply: Reply

    def favour(self, item: RubricItem, rule: str, move: Move) -> str:
        """Why ``move`` is a yes."""
        if rule.startswith(NEED):
            return self._need(rule.removeprefix(NEED))
        said = self._good().get(rule)
        return said(move) if said else item.why_yes

    def against(self, item: RubricItem, rule: str, move: Move) -> str:
        """Why ``move`` is a no."""
        said = self._bad().get(rule)
        return said(move) if said else item.why_no

    def missing(self, item: RubricItem) -> str:
        """Why a reply that did neither is a no."""
        point = their_point(self.reply)
        if item.when is When.ON_CLAIM:
            return self._bare(item)
        if not point:
            return item.why_no
        if M.EXPLORE in item.yes and item.when is When.FIRST:
            return f"They had said “{point}”, and your first reply asks nothing open about it."
        if M.ACKNOWLEDGE in item.yes:
            return f"They had just said “{point}”, and your reply goes past it to its own point."
        return item.why_no

    def unseen(self, item: RubricItem) -> str:
        """Why nothing can be said."""
        if item.when is When.FIRST and not self.reply.first:
            return "Only the first reply is judged by this."
        if item.when is When.ON_OBJECTION:
            return "They had raised nothing new that had to be taken up."
        if item.when is When.ON_CLAIM:
            return "This reply claims nothing that could be checked."
        return "This reply gave no occasion for it."

    # --- what was done well ---

    def _good(self) -> dict[str, Callable[[Move], str]]:
        topic = on_the_table(self.scenario, self.reply)
        return {
            M.ACKNOWLEDGE: lambda m: self._acknowledged(m, topic),
            M.REFLECT: lambda m: f"You gave back what they had said{self._in_words(m)}.",
            M.EXPLORE: lambda m: f"An open question about {topic}{self._brought()}.",
            M.ASK: lambda m: f"You asked about {topic} before presenting anything.",
            M.EVIDENCE: self._proved,
            M.OWN: lambda m: "They heard it from you, in your own words, and not from others.",
            M.ADMIT: lambda m: "You granted a limit before they had to find it.",
            M.CORRECT: lambda m: "You said plainly that it isn't so, without excuses.",
            M.COMMIT: self._promised,
            M.NEXT_STEP: self._proposed,
            M.DISQUALIFY: lambda m: "You let the sale go in plain words.",
            "myth:once": lambda m: "The story stands in this one sentence and nowhere else.",
            "myth:then-fact": lambda m: "After naming the story you came back to the fact.",
        }

    def _acknowledged(self, move: Move, topic: str) -> str:
        first = self.reply.text[: move.span[0]].strip() == ""
        place = "Your first words take up" if first else "These words take up"
        return f"{place} {topic}{self._in_words(move)}."

    def _in_words(self, move: Move) -> str:
        shared = [f"“{word}”" for word in taken_up(move.quote, self.reply)]
        return f", in their own words ({', '.join(shared)})" if shared else ""

    def _brought(self) -> str:
        return _BROUGHT.get(self.reply.provoked, "")

    def _proved(self, move: Move) -> str:
        claim = self._claim(move)
        if claim and claim.evidence:
            return f"The evidence says so: “{cut(claim.evidence[0].quote, 120)}”."
        return "You named a source that they can look up."

    def _promised(self, move: Move) -> str:
        day = BY_WHEN.search(move.quote)
        when = f" ({cut(day.group(), 40)})" if day else ""
        return f"You promised an answer with a day on it{when}, so it can be kept or missed."

    def _proposed(self, move: Move) -> str:
        day = BY_WHEN.search(move.quote)
        if day:
            return (
                f"A step with a day on it ({cut(day.group(), 40)}): they can say yes or no to it."
            )
        return "A step that they can say yes or no to; with a day it would be firmer."

    def _need(self, key: str) -> str:
        concern, _, _ = key.partition("/")
        state = self.reply.before
        if state and state.pending == key:
            return "They had asked for exactly this, and got it."
        held = state.concerns.get(concern) if state else None
        if held is None or held.standing is Standing.HIDDEN:
            return "This brings something that they will want to hear."
        label = next(c.short for c in self.scenario.concerns if c.id == concern)
        return f"This answers a part of what they need to hear about {label}."

    # --- what was done wrong, or left out ---

    def _bad(self) -> dict[str, Callable[[Move], str]]:
        who = self.scenario.competitor or "others"
        words = self.reply.heard.words
        return {
            M.PUSH: lambda m: "These words press for a decision that nobody was ready to take.",
            M.SCARCITY: lambda m: (
                "Nothing bears this shortage or deadline out; it only hurries them."
            ),
            M.DISCOUNT: lambda m: "Money off answers a question that they hadn't asked.",
            M.DISPARAGE: lambda m: f"This runs down {who} instead of saying what you do.",
            M.DISMISS: lambda m: self._dismissed(),
            M.FLATTER: lambda m: "Praise instead of an answer; they notice.",
            M.MONOLOGUE: lambda m: f"{words} words in one go leave them no room to answer.",
            M.STUFF: lambda m: "Key words without a sentence: nobody can tell what you mean.",
            M.INVENT: self._invented,
            M.DENY: self._denied,
            M.OWN: self._owned,
            M.APOLOGISE: lambda m: "An apology says that it happened, and it didn't.",
            M.CORRECT: lambda m: "You said that it isn't so, and nobody knows that yet.",
            M.NEXT_STEP: lambda m: (
                "You offered a step to somebody who had said that they need none."
            ),
            "myth:again": lambda m: "This says the false story a second time in one reply.",
            "myth:last": lambda m: "After this sentence no fact follows, so the story stays.",
        }

    def _dismissed(self) -> str:
        point = their_point(self.reply)
        return (
            f"They had said “{point}”, and this brushes it aside."
            if point
            else ("This brushes aside what worries them.")
        )

    def _invented(self, move: Move) -> str:
        claim = self._claim(move)
        return claim.note if claim and claim.note else "No source bears this out."

    def _denied(self, move: Move) -> str:
        if self.scenario.rumour and self.scenario.rumour.truth.value == "true":
            return "You denied it, and it is true; they only have to ask somebody else."
        return "You denied what nobody knows yet."

    def _owned(self, move: Move) -> str:
        if self.scenario.rumour and self.scenario.rumour.truth.value == "false":
            return "You took the blame for something that never happened."
        return "You said that it is so, and nobody knows that yet."

    def _bare(self, item: RubricItem) -> str:
        bare = [
            c
            for c in self.reply.claims
            if c.status not in (ClaimStatus.NOT_A_CLAIM, ClaimStatus.SUPPORTED)
        ]
        if not bare:
            return item.why_no
        return bare[0].note or f"No source was given for “{cut(bare[0].text)}”."

    def _claim(self, move: Move) -> Claim | None:
        return next((c for c in self.reply.claims if c.span == move.span), None)
