"""Answers to talk beside the matter, and to questions: the very one asked, or "I don't know"."""

from __future__ import annotations

from dataclasses import replace

from coach.buyer.conceding import ASKED_OPENLY, Conceding
from coach.buyer.state import Next, Standing
from coach.moves import MoveKind as M
from coach.perception import Aside, Asked, Wants
from coach.scenario import Act

#: After these the same thing is said once more, in other words.
_ONCE_MORE = {Aside.CLARIFY: "clarify", Aside.AGAIN: "again"}
#: These ask for what is on the table.
_TO_THE_MATTER = {Aside.BEGINS: Act.PRESS, Aside.MORE: Act.EXPLAIN}
_GREETS = (Aside.HOW_ARE_YOU, Aside.INTRODUCES, Aside.GREETS)
#: What a seller who owes the source of a claim can't get round it with.
_EVADES = (Aside.THANKS, Aside.NODS, Aside.YES, Aside.NO, Aside.PARROTS, Aside.SILENT)
#: An explanation answers these only where it is plainly about what was asked.
_PARTICULAR = (Wants.PERSON, Wants.TIME, Wants.PLACE, Wants.AMOUNT)
#: How strong a closed question must be that wants an answer.
ASKED = 0.7
#: How near a line must be to the question (MiniLM cosine): to answer it plainly, at all, openly
#: asked and beside other things, in part.
PLAINLY, TO_THE_POINT, NEAR, PARTLY = 0.45, 0.33, 0.22, 0.1


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
        if side.kind in _TO_THE_MATTER:
            open_still = self.concerns[self.target].standing is not Standing.RESOLVED
            act = _TO_THE_MATTER[side.kind]
            return Next(act, "asked for the matter", self.target) if open_still else None
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
        plain = asked.wants in (*_PARTICULAR, Wants.YES_OR_NO) or not self.heard.has(M.EXPLORE)
        if plain and self._nearest(asked) < TO_THE_POINT:
            return replace(self._cannot_say(asked), lead=lead)
        why = "asked what they can only answer in part"
        partly = self._nearest(asked) >= PARTLY
        about = "partly" if partly else asked.wants.value
        return Next(Act.EXPLAIN, why, self.target, lead=lead or Act.CANNOT_SAY, about=about)

    def _cannot_say(self, asked: Asked, planned: Next | None = None) -> Next:
        """Says so, before what was ``planned`` if there is something."""
        planned = planned or Next(Act.CANNOT_SAY, "asked what they don't know", self.target)
        return replace(planned, about=asked.wants.value)

    def _knows(self, asked: Asked) -> bool:
        """Whether something that wasn't said yet answers the question."""
        least = PLAINLY if asked.wants in _PARTICULAR else TO_THE_POINT
        return asked.general or self._nearest(asked) >= least

    def _nearest(self, asked: Asked) -> float:
        """The likeness of the question to what wasn't told yet about the concern on the table."""
        return max(
            (
                asked.near.get(line, 0.0)
                for n in range(len(self._find(self.target).explain))
                if (line := f"{self.target}.explain.{n}") not in self.before.used
            ),
            default=0.0,
        )

    def _asks_particulars(self) -> bool:
        """A question for a plain fact, which nobody answers with a confession."""
        asked = self.heard.asked
        untold = self.heard.asked_fact not in (None, *self.before.facts_told)
        return untold or (asked is not None and asked.wants in _PARTICULAR and not asked.general)

    def _answers_first(self, key: str) -> tuple[Act | None, str | None]:
        """What comes before a demand: a person who was asked answers, and then asks back."""
        heard, asked = self.heard, self.heard.asked
        plainly = heard.strength(M.ASK) >= ASKED and asked is not None and asked.to_them
        plainly = plainly and not heard.has(M.NEXT_STEP)  # what is proposed is no question
        if heard.strength(M.EXPLORE) < ASKED_OPENLY and not plainly:
            return (Act.SOFTEN if heard.has(M.ACKNOWLEDGE, M.REFLECT, M.OWN) else None), None
        if asked is None or key != self.target or self._knows(asked):
            return Act.EXPLAIN, None
        if asked.wants is Wants.ANYTHING and self._nearest(asked) >= NEAR:
            return Act.EXPLAIN, None  # who asks openly is told what there is to tell
        return Act.CANNOT_SAY, asked.wants.value
