"""Sellers who know the product: the strong one, the average one and the one who lies."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from coach.fidelity.sellers.lines import lines
from coach.fidelity.sellers.view import View
from coach.scenario import Act, Concern, Scenario


class Strong:
    """Takes the worry up, asks before answering, brings what is asked for, checks, asks what else.

    Each line is said once; the seed decides which of its ways a thing is said.
    """

    def __init__(self, scenario: Scenario, seed: int = 0) -> None:
        self._random = Random(f"strong/{scenario.id}/{seed}")  # noqa: S311
        self._own: dict[str, Any] = lines()["strong"][scenario.id]
        self._scenario = scenario
        self._said: set[str] = set()
        self._brought: set[str] = set()
        self._asked: set[str] = set()
        self._known = {c.id for c in scenario.concerns if not c.hidden}

    def next(self, view: View) -> str:
        key = view.concern or self._first()
        self._known.add(key)
        said = ""
        match view.act:
            case Act.OPEN:
                said = self._opening(key)
            case Act.ASK_FOR if view.need:
                said = self._answer(key, view.need)
            case Act.CHALLENGE:
                said = self._pick("source")
            case Act.REMIND:
                said = "Yes, you can count on that. It stands as I said it."
            case Act.REVEAL | Act.EXPLAIN | Act.TELL_FACT | Act.CANNOT_SAY:
                said = _joined(self._about("reflect", key), self._bring(key))
            case Act.PRESS | Act.SMALL_TALK | Act.NOT_YET if key not in self._asked:
                said = self._take_up(key)
            case Act.INVITE:
                said = self._pick("step")
            case Act.ACCEPT | Act.HESITATE:
                said = self._onward()
        return said or self._forward(key)

    def _first(self) -> str:
        return next(c.id for c in self._scenario.concerns if not c.hidden)

    def _opening(self, key: str) -> str:
        """A rumour is answered in the first breath; everything else begins with a question."""
        rumour = self._scenario.rumour
        concern = self._concern(key)
        required = next((n.id for n in concern.needs if n.required), None)
        if rumour and required:
            return _joined(self._meet(key, required), self._ask(key))
        return self._take_up(key)

    def _take_up(self, key: str) -> str:
        return _joined(self._about("acknowledge", key), self._ask(key)) or self._forward(key)

    def _answer(self, key: str, need: str) -> str:
        said = self._meet(key, need)
        if not said:
            return self._forward(key)
        rest = [n.id for n in self._concern(key).needs if f"{key}/{n.id}" not in self._brought]
        return said if rest else _joined(said, self._pick("check"))

    def _forward(self, key: str) -> str:
        """The next thing this concern needs; when all was brought, a question."""
        if brought := self._bring(key):
            return brought
        return _joined(self._about("reflect", key), self._ask(key)) or self._onward()

    def _onward(self) -> str:
        """Asks what else there is; then brings what is left; then proposes the step."""
        if asked := self._pick("else"):
            return asked
        for key in sorted(self._known):
            if brought := self._bring(key):
                return brought
        return self._pick("step") or self._pick("check") or self._again()

    def _again(self) -> str:
        """Nothing new is left; a person would say so."""
        return "I think you've heard what I have. What is still missing for you?"

    def _bring(self, key: str) -> str:
        for need in self._concern(key).needs:
            if f"{key}/{need.id}" not in self._brought:
                return self._answer(key, need.id)
        return ""

    def _meet(self, key: str, need: str) -> str:
        said = self._choose(self._own["needs"][f"{key}/{need}"])
        if said:
            self._brought.add(f"{key}/{need}")
        return said

    def _ask(self, key: str) -> str:
        self._asked.add(key)
        return self._about("explore", key)

    def _about(self, kind: str, key: str) -> str:
        return self._choose(self._own[kind].get(key, ()))

    def _pick(self, kind: str) -> str:
        return self._choose(self._own[kind])

    def _choose(self, options: Sequence[str]) -> str:
        free = [line for line in options if line not in self._said]
        if not free:
            return ""
        line = self._random.choice(free)
        self._said.add(line)
        return line

    def _concern(self, key: str) -> Concern:
        return next(c for c in self._scenario.concerns if c.id == key)


class Average(Strong):
    """Knows the product and says so: answers with facts, rarely asks, rarely takes a worry up."""

    def next(self, view: View) -> str:
        key = view.concern or self._first()
        self._known.add(key)
        if view.act is Act.ASK_FOR and view.need and self._random.random() < 0.7:
            return self._meet(key, view.need) or self._plain(key, view.turn)
        if view.act is Act.INVITE:
            return self._pick("step") or self._plain(key, view.turn)
        return self._plain(key, view.turn)

    def _plain(self, key: str, turn: int) -> str:
        if turn % 6 == 3:
            return self._ask(key) or self._pick("else") or self._again()
        if turn % 6 == 5:
            return self._pick("step") or self._pick("check") or self._again()
        needs = [n.id for n in self._concern(key).needs]
        for need in self._random.sample(needs, len(needs)):
            if said := self._meet(key, need):
                return said
        return self._pick("check") or self._pick("else") or self._again()


class Liar(Strong):
    """As skilful and polite as Strong, but invents, and says the opposite of what is true about a
    rumour."""

    def __init__(self, scenario: Scenario, seed: int = 0) -> None:
        super().__init__(scenario, seed)
        own = lines()["liar"]
        self._denial = list(own["denial"].get(scenario.id, ()))
        self._lies = [
            *own["about"].get(scenario.id, ()),
            *own["contradicted"],
            *own["invented"],
        ]
        self._random.shuffle(self._denial)

    def next(self, view: View) -> str:
        honest = super().next(view)
        key = view.concern or self._first()
        late = self._scenario.id == "trust-unknown"  # the buyer tells that rumour when asked
        first = view.act is Act.OPEN or view.turn == 3
        if self._denial and (first if not late else key == "recordings"):
            return _joined(self._denial.pop(), self._ask(key))
        if view.turn % 2 == 1:
            return _joined(honest, self._choose(self._lies))
        return honest


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
