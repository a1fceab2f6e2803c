"""Answers to talk beside the matter, and to questions: the very one asked, or "I don't know"."""

from __future__ import annotations

from coach.buyer.conceding import Conceding
from coach.buyer.state import Next, Standing
from coach.moves import MoveKind as M
from coach.perception import Aside, Asked, Wants
from coach.scenario import Act

#: After these the same thing is said once more, in other words.
_ONCE_MORE = {Aside.CLARIFY: "clarify", Aside.AGAIN: "again"}
_GREETS = (Aside.HOW_ARE_YOU, Aside.INTRODUCES)
#: What a seller who owes the source of a claim can't get round it with.
_EVADES = (Aside.THANKS, Aside.NODS, Aside.YES, Aside.NO, Aside.PARROTS, Aside.SILENT)
#: An explanation answers these only where it is plainly about what was asked.
_PARTICULAR = (Wants.PERSON, Wants.TIME, Wants.PLACE, Wants.AMOUNT)
PLAINLY = 0.45


class Talking(Conceding):
    """None of it concedes anything, and none of it counts as an answer."""

    def _beside(self) -> Next | None:
        """What a person answers to a message that says nothing to the matter."""
        side = self.heard.beside
        if side is None or not side.alone or self.heard.asked_fact or self.progress:
            return None
        if self.before.reminded or (self.challenged and side.kind in _EVADES):
            return None
        if side.kind in _GREETS and self.turn <= 1:
            return Next(Act.SMALL_TALK, "greeted", self.target)
        if side.kind in _ONCE_MORE:
            return self._once_more(_ONCE_MORE[side.kind])
        return Next(Act.ASIDE, "spoken to beside the matter", self.target, about=side.kind.value)

    def _once_more(self, how: str) -> Next | None:
        why = "asked what was meant"
        for demand in reversed(self.before.demands):
            key, need = demand.split("/")
            if demand == self.before.pending and need not in self.concerns[key].met:
                return Next(Act.ASK_FOR, why, key, need, lead=Act.ASIDE, about=how)
        if self.concerns[self.target].standing is Standing.RESOLVED or self.challenged:
            return None
        return Next(Act.EXPLAIN, why, self.target, lead=Act.ASIDE, about=how)

    def _explains(self, why: str) -> Next:
        """Answers a question about the concern on the table, as far as there is an answer."""
        lead = Act.SOFTEN if self.heard.has(M.ACKNOWLEDGE, M.REFLECT) else None
        asked = self.heard.asked
        if asked is None or self._knows(asked):
            return Next(Act.EXPLAIN, why, self.target, lead=lead)
        unknown = "asked what they don't know"
        if asked.wants in (*_PARTICULAR, Wants.YES_OR_NO) or not self.heard.has(M.EXPLORE):
            return Next(Act.CANNOT_SAY, unknown, self.target, lead=lead, about=asked.wants.value)
        return Next(
            Act.EXPLAIN, unknown, self.target, lead=lead or Act.CANNOT_SAY, about=asked.wants.value
        )

    def _knows(self, asked: Asked) -> bool:
        """Whether something that wasn't said yet answers the question."""
        left = [
            line
            for n in range(len(self._find(self.target).explain))
            if (line := f"{self.target}.explain.{n}") not in self.before.used
        ]
        least = PLAINLY if asked.wants in _PARTICULAR else 0.0
        return any(asked.fits(line, least) for line in left)

    def _asks_particulars(self) -> bool:
        """A question for a plain fact, which nobody answers with a confession."""
        asked = self.heard.asked
        untold = self.heard.asked_fact not in (None, *self.before.facts_told)
        return untold or (asked is not None and asked.wants in _PARTICULAR and not asked.general)
