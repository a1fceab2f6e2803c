"""What the buyer remembers of the seller's words, and what happens when they don't hold."""

from __future__ import annotations

import re

from coach.buyer.listening import Listening
from coach.buyer.rules import LONGEST_QUOTE, PROMISES_REMEMBERED, Rules
from coach.buyer.state import BuyerState, Promise, Standing
from coach.claims.agreement import Match, compare
from coach.claims.figures import figures
from coach.moves import MoveKind as M
from coach.perception import Perception, Remark, remark
from coach.scenario import Scenario

#: Two remarks are about the same thing: words they share, and their share of the shorter one.
SHARED_WORDS, SHARED_SHARE = 2, 0.6
#: How strong a move of evidence must be to say where a claim comes from.
NAMES_A_SOURCE = 0.35
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z]\w+")


class Remembering(Listening):
    """Holds the seller to what was promised, claimed and settled."""

    def __init__(
        self, state: BuyerState, heard: Perception, scenario: Scenario, rules: Rules
    ) -> None:
        super().__init__(state, heard, scenario, rules)
        self.challenged, self.promises = state.challenged, list(state.promises)
        self.broken: str | None = None  # a promise that was broken just now
        self.kept = False  # a promise that was asked about stands
        self.noted = False  # the source is promised or named
        self.lost: tuple[str, str] | None = None  # concern and need whose answer was taken back

    def listen(self) -> None:
        super().listen()
        self._answer_for_claim()
        self._stand_by_promise()
        self._contradict_own_answer()
        self._promise()
        self._within_bounds()

    def _answer_for_claim(self) -> None:
        """Naming the source, or taking the claim back, answers a challenge; promising the source
        does for now."""
        if self.challenged is None or self.heard.has(M.INVENT):
            return
        untrue = "invented" in self.flags  # an untruth has no source
        if any(r.takes_back for r in self.heard.remarks):
            self._move((5, 0, 2), "heard a claim taken back")
            self.challenged = None
        elif self.heard.strength(M.EVIDENCE) >= NAMES_A_SOURCE:
            self._move((0 if untrue else 4, 0, 2), "was told where it comes from")
            self.noted, self.challenged = True, None
        elif self.heard.has(M.COMMIT) or any(r.promises for r in self.heard.remarks):
            self._move((0 if untrue else 1, 0, 2), "was promised the source")
            self.noted, self.challenged = True, None
        else:
            self._move((-2, 0, -3), "was not told where it comes from")

    def _stand_by_promise(self) -> None:
        if words := self.before.reminded:
            said = self.heard.remarks
            self.kept = self.heard.has(M.COMMIT) or any(
                (r.affirms or r.promises or _about(remark(words), r)) and not r.goes_back
                for r in said
            )
            self.promises = []
            if self.kept:
                self._move((3, 0, 2), "heard that a promise stands")
            else:
                self._break(words)
            return
        for promise in self.promises:
            made = remark(promise.words)
            if any(r.goes_back and _about(made, r) for r in self.heard.remarks):
                self.promises.remove(promise)
                self._break(promise.words)
                return

    def _break(self, words: str) -> None:
        self.broken = words
        self.flags.add("broken-promise")
        self._move((-14, -2, -10), "a promise was not kept")

    def _contradict_own_answer(self) -> None:
        """What settled a concern is taken back by a later message: it is open again."""
        for key, concern in self.concerns.items():
            if concern.standing not in (Standing.RESOLVED, Standing.ANSWERED):
                continue
            for need, words in concern.words.items():
                if not any(contradicts(remark(words), r) for r in self.heard.remarks):
                    continue
                rest = {n: w for n, w in concern.words.items() if n != need}
                self._concern(key, met=concern.met - {need}, words=rest)
                self._reopen(key, "the seller took back what had settled it")
                self._move((-8, -4, -6), "heard the opposite of what had settled it")
                self.lost = (key, need)
                return

    def _promise(self) -> None:
        """Remembers a promise; what belongs to an offered step is arranged with the step."""
        if self.broken or self.heard.has(M.NEXT_STEP, M.PROMPT_LIKE):
            return
        made = self.heard.first(M.COMMIT)
        if made is None or any(p.words == made.quote for p in self.promises):
            return
        self.promises.append(Promise(made.quote[:LONGEST_QUOTE], self.turn))
        self.promises = self.promises[-PROMISES_REMEMBERED:]

    def _unasked_promise(self) -> str | None:
        """The oldest promise that the seller hasn't been asked about."""
        return next((p.words for p in self.promises if p.turn < self.turn), None)


def contradicts(earlier: Remark, later: Remark) -> bool:
    """Whether two statements on the same thing differ in a "not" or in a figure."""
    if earlier.question or later.question or later.conditional or not _about(earlier, later):
        return False
    shared = len(earlier.words & later.words)
    if shared < SHARED_SHARE * min(len(earlier.words), len(later.words)):
        return False
    named, others = set(_NAME.findall(earlier.text)), set(_NAME.findall(later.text))
    if named != others and named and others:
        return False
    return earlier.negated != later.negated or _other_figure(earlier.text, later.text)


def _about(earlier: Remark, later: Remark) -> bool:
    return len(earlier.words & later.words) >= SHARED_WORDS


def _other_figure(earlier: str, later: str) -> bool:
    matches = [compare(now, then) for now in figures(later) for then in figures(earlier)]
    return Match.OTHER in matches and not any(match.found for match in matches)
