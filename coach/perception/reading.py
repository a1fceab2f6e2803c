"""What one sentence does: questions, courtesy, honesty and harm, by meaning plus rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coach.moves import Move, MoveKind
from coach.perception.cues import advising, asking, caring, harming, honesty, language, offering
from coach.perception.ground import Ground
from coach.perception.reflecting import Before, reflection
from coach.perception.sentence import Sentence, Vectors, content_words
from knowledge.evidence import Truth

#: Two stretches of text are about the same thing (MiniLM cosine).
RELATED = 0.30

#: A sentence says what the rumour says.
SAME_STORY = 0.44

#: How sure meaning must be alone, and how sure together with a rule.
_ALONE = {
    MoveKind.ACKNOWLEDGE: 0.66,
    MoveKind.OWN: 0.66,
    MoveKind.DENY: 0.66,
    MoveKind.ADMIT: 0.62,
    MoveKind.DISPARAGE: 0.55,
    MoveKind.PUSH: 0.58,
    MoveKind.DISCOUNT: 0.66,
    MoveKind.FLATTER: 0.6,
    MoveKind.DISMISS: 0.66,
    MoveKind.DISQUALIFY: 0.62,
    MoveKind.PROMPT_LIKE: 0.62,
}
#: What a loose reflection may be besides.
_BESIDE_REFLECTION = (MoveKind.ACKNOWLEDGE, MoveKind.ASK, MoveKind.EXPLORE, MoveKind.CHECK)


@dataclass(frozen=True)
class Reading:
    """One sentence in its place. ``like`` is its likeness to the examples of each move, ``last``
    the vector of the buyer's last words and ``last_content`` their meaning words."""

    s: Sentence
    like: Mapping[str, float]
    ground: Ground
    last: Vectors
    last_content: frozenset[str]

    def moves(self) -> list[Move]:
        s, text = self.s, self.s.text
        asks = s.question or s.open
        found = self._question() if asks else self._courtesy()
        found += self._honesty()
        if offering.PROMISE.search(text) and offering.BY_WHEN.search(text) and not s.question:
            found.append(s.move(MoveKind.COMMIT))
        found += self._step() + self._harm()
        if harming.PROMPT_LIKE.search(text) or self.like["prompt_like"] >= 0.66:
            found.append(s.move(MoveKind.PROMPT_LIKE))
        return self._said_back(found) + found + self._marks()

    def _marks(self) -> list[Move]:
        """What judges look for and the buyer doesn't feel apart from the rest."""
        s, text, ground = self.s, self.s.text, self.ground
        found: list[Move] = []
        if harming.SCARCITY.search(text) and not s.question:
            found.append(s.move(MoveKind.SCARCITY))
        if advising.ADVICE.search(text) and not advising.ASKED_FOR.search(text):
            found.append(s.move(MoveKind.ADVISE))
        if ground.rumour is not None and ground.truth is Truth.FALSE and not s.question:
            near = float(np.max(ground.rumour @ s.vector))
            if near >= SAME_STORY:
                found.append(s.move(MoveKind.MYTH, min(1.0, near)))
        return found

    def _said_back(self, found: list[Move]) -> list[Move]:
        """A sentence that plainly does something else isn't loosely a reflection as well."""
        before = Before(self._near_last, self._about, self.last_content)
        strength = reflection(self.s, before)
        other = any(move.kind not in _BESIDE_REFLECTION for move in found)
        if not strength or (other and strength < 1):
            return []
        return [self.s.move(MoveKind.REFLECT, strength)]

    def _sure(self, kind: MoveKind, rule: bool, together: float = 0.2) -> bool:
        """By meaning alone where it is plain, else by a rule with some likeness."""
        likeness, alone = self.like[kind.value], _ALONE.get(kind)
        best_other = max(v for k, v in self.like.items() if k != kind.value)
        meant = alone is not None and likeness >= alone and likeness >= best_other - 0.02
        return meant or (rule and likeness >= together)

    @property
    def _near_last(self) -> float:
        return float(self.last @ self.s.vector)

    @property
    def _about(self) -> float:
        """Likeness to what the scenario's concerns are about."""
        return float(max(np.max(rows @ self.s.vector) for rows in self.ground.concerns.values()))

    def _step(self) -> list[Move]:
        """A proposal of something to do: named as such, or done together on a day."""
        text, likeness = self.s.text, self.like["next_step"]
        dated = bool(offering.BY_WHEN.search(text))
        named = bool(offering.STEP_NOUN.search(text))
        proposed = offering.STEP.search(text) and (
            named or (dated and offering.TOGETHER.search(text))
        )
        if proposed and likeness >= 0.25:
            return [self.s.move(MoveKind.NEXT_STEP, 1.0 if dated else 0.8)]
        return [self.s.move(MoveKind.NEXT_STEP, 0.8)] if named and likeness >= 0.62 else []

    def _question(self) -> list[Move]:
        s, like, ground, near_last = self.s, self.like, self.ground, self._near_last
        if asking.CHECK.search(s.text) and like["check"] >= max(0.35, like["explore"] - 0.1):
            return [s.move(MoveKind.CHECK)]
        if asking.ASKS_IF_DONE.search(s.text) and like["off_topic"] < 0.3:
            return [s.move(MoveKind.CHECK)]
        rows = [*ground.concerns.values(), *(need.rows for need in ground.needs.values())]
        topic = max(near_last, *(float(np.max(r @ s.vector)) for r in rows))
        serious = max(topic, like["explore"]) > like["off_topic"] - 0.035
        relevant = serious and max(topic, like["explore"] - 0.05) >= RELATED
        if s.open and relevant:
            into = topic / 2 if s.particular else 0.05  # "what happened?" could be asked of anybody
            return [s.move(MoveKind.EXPLORE, min(1.0, 0.6 + into))]
        theirs = relevant or (serious and asking.YOU.search(s.text))
        return [s.move(MoveKind.ASK, 0.7 if theirs and s.asks_other else 0.3)]

    def _honesty(self) -> list[Move]:
        """Owning, denying, apologising: read against the rumour of the scenario, if it has one."""
        s, like, ground = self.s, self.like, self.ground
        found: list[Move] = []
        text = s.text
        meant = not (honesty.SORRY_TO_HEAR.search(text) or honesty.WONT_APOLOGISE.search(text))
        if meant and honesty.APOLOGISE.search(text):
            found.append(s.move(MoveKind.APOLOGISE))
        if ground.rumour is None or s.question or honesty.NOT_KNOWN.search(text):
            return found
        near = float(np.max(ground.rumour @ s.vector))
        admits = bool(honesty.NO_DENIAL.search(text))
        says_no = bool(honesty.DENIAL.search(text)) or (
            near >= 0.42 and ground.rumour_is_plain and _negates(text)
        )
        denies = self._sure(MoveKind.DENY, says_no, 0.25) and (near >= 0.22 or like["deny"] >= 0.45)
        denies = denies or bool(honesty.STORY_WRONG.search(text) and not admits)
        says_yes = admits or bool(honesty.OWN.search(text))
        # likeness alone can't tell "we were down" from "we were never down"
        owns = (says_yes or not language.NEGATED.search(text)) and (
            self._sure(MoveKind.OWN, says_yes, 0.25 if near < 0.35 else 0.15)
            and (near >= 0.22 or like["own"] >= 0.4)
        )
        denies = denies and not admits and not honesty.SINCE.search(text)
        if owns and denies:  # "yes, it happened, and it should never have": the opening decides
            yes = bool(honesty.SAYS_YES.search(text)) or like["own"] >= like["deny"]
            owns, denies = yes, not yes
        if denies:
            false = ground.truth is Truth.FALSE
            found.append(s.move(MoveKind.CORRECT if false else MoveKind.DENY))
        if owns:
            found.append(s.move(MoveKind.OWN))
        return found

    def _courtesy(self) -> list[Move]:
        """What a statement gives: it takes the worry up, concedes, lets go or greets."""
        found: list[Move] = []
        s, text = self.s, self.s.text
        specific = (
            bool(content_words(text) & self.last_content)
            or self._near_last >= 0.33
            or self._about >= 0.4
        )
        negated = bool(language.NEGATED.search(text))
        # "I understand, but ...": acknowledged and taken back in the same breath
        taken_back = bool(
            caring.BUT.search(text) or (negated and caring.NOT_UNDERSTOOD.search(text))
        )
        if not taken_back and self._sure(
            MoveKind.ACKNOWLEDGE, bool(caring.ACKNOWLEDGE.search(text)), 0.1
        ):
            found.append(s.move(MoveKind.ACKNOWLEDGE, 1.0 if specific else 0.4))
        boast = honesty.WE_LEAD.search(text) and not negated
        if self._sure(MoveKind.ADMIT, bool(honesty.ADMIT.search(text))) and not boast:
            found.append(s.move(MoveKind.ADMIT))
        lets_go = bool(honesty.DISQUALIFY.search(text))
        if (lets_go or negated) and self._sure(MoveKind.DISQUALIFY, lets_go, 0.1):
            found.append(s.move(MoveKind.DISQUALIFY))
        if caring.GREET.match(text) and len(s.words) <= 8:
            found.append(s.move(MoveKind.GREET))
        return found

    def _harm(self) -> list[Move]:
        found: list[Move] = []
        s, text, competitor = self.s, self.s.text, self.ground.competitor
        named = bool(competitor and competitor in text.casefold()) or bool(
            harming.THEM.search(text)
        )
        softened = bool(language.NEGATED.search(text))
        words = bool(harming.DISPARAGE.search(text))
        # where nobody else is on the table, meaning alone takes "they needn't learn it" for a swipe
        if (
            (words or competitor)
            and self._sure(MoveKind.DISPARAGE, words and named, 0.25)
            and not (
                caring.FEELS_FOR.search(text) or (softened and harming.WONT_RUN_DOWN.search(text))
            )
        ):
            found.append(s.move(MoveKind.DISPARAGE))
        if self._sure(MoveKind.PUSH, bool(harming.PUSH.search(text)), 0.15) and not (
            softened and harming.NO_PRESSURE.search(text)
        ):
            found.append(s.move(MoveKind.PUSH))
        if (
            self._sure(MoveKind.DISCOUNT, bool(harming.DISCOUNT.search(text)), 0.2)
            and not softened
            and not s.open
        ):
            found.append(s.move(MoveKind.DISCOUNT))
        if self._sure(MoveKind.FLATTER, bool(harming.FLATTER.search(text)), 0.2) and not softened:
            found.append(s.move(MoveKind.FLATTER))
        if self._sure(MoveKind.DISMISS, bool(harming.DISMISS.search(text)), 0.3) and not s.question:
            found.append(s.move(MoveKind.DISMISS))
        return found


def _negates(text: str) -> bool:
    return bool(language.NEGATED.search(text)) and not language.MODAL.search(text)
