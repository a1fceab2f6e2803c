"""Picks written lines, none of them twice in a session, as this person would choose them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from random import Random
from string import Formatter

from coach.scenario import Act, Attitude
from coach.scenario_book import shared_lines
from coach.voice.manner import Manner, manners
from coach.voice.moment import Moment
from coach.voice.register import clipped, spelled_out
from coach.voice.uptake import phrase_of, yours_of

#: A name that makes line ids unique, and the lines.
Pool = tuple[str, Sequence[str]]

#: A turn is shorter or longer than usual, so that it doesn't tick like a clock.
RHYTHM = (0.5, 0.8, 1.0, 1.0, 1.6)
CURT = 0.45  # of the usual length, from somebody who has gone cold
SPREAD = 5.0  # words beside the wanted length at which a line is a third as likely
LIKED, AVOIDED = 2.2, 0.3
NEARNESS = 0.02  # likeness by which a line that answers less is a third as likely


class Script:
    """The lines of one turn; ``picked`` are the ids of those that were taken."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._used = set(moment.state.used)
        self._random = Random(f"{moment.seed}/{moment.state.turn}")  # noqa: S311
        self.manner: Manner = manners().of[moment.persona.temperament]
        self.slots = _slots(moment)
        self.picked: set[str] = set()
        mood = CURT if moment.attitude is Attitude.COLD else 1.0
        self._wanted = self.manner.length * mood * self._random.choice(RHYTHM)

    def pick(self, *pools: Pool, near: Mapping[str, float] | None = None) -> str:
        """A line from the first pool that has an unused one that fits; "" if none has. ``near`` is
        how near lines are to what was asked, by id: the nearest are much likelier."""
        for name, lines in pools:
            free = [
                (f"{name}.{i}", line)
                for i, line in enumerate(lines)
                if f"{name}.{i}" not in self._used and self._fits(line)
            ]
            if free:
                likeness = [near.get(key, 0.0) if near else 0.0 for key, _ in free]
                weights = [
                    self._likely(line) * math.exp((like - max(likeness)) / NEARNESS)
                    for (_, line), like in zip(free, likeness, strict=True)
                ]
                key, line = self._random.choices(free, weights)[0]
                self._take(key)
                return line.format(**self.slots)
        return ""

    def once(self, key: str) -> bool:
        """Whether ``key`` is new in this session; it no longer is afterwards."""
        if key in self._used:
            return False
        self._take(key)
        return True

    def said(self, line: str) -> str:
        """A written line in this person's register."""
        if self.manner.spelled_out:
            return spelled_out(line)
        return clipped(line) if self.manner.clipped else line

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def act(self, act: Act) -> str:
        """A line for ``act`` from the scenario's own pool and the shared one, in this attitude."""
        mood = self._moment.attitude.value
        own = self._moment.scenario.lines.get(act)
        shared = shared_lines(self._moment.scenario.kind).get(act)
        # a line that fits any mood keeps its id in all of them, so that it is said once
        moods = (mood, "any") if self.chance(0.85) else ("any", mood)
        mine = [(f"{act.value}.own.{m}", getattr(own, m)) for m in moods] if own else []
        others = [(f"{act.value}.{m}", getattr(shared, m)) for m in moods] if shared else []
        pools: list[Pool] = mine + others if self.chance(0.6) else others + mine
        if shared:
            pools.append((f"{act.value}.neutral", shared.neutral))
        return self.pick(*pools)

    def _take(self, key: str) -> None:
        self._used.add(key)
        self.picked.add(key)

    def _fits(self, line: str) -> bool:
        return all(self.slots.get(name) for _, name, _, _ in Formatter().parse(line) if name)

    def _likely(self, line: str) -> float:
        weight = math.exp(-abs(len(line.split()) - self._wanted) / SPREAD)
        if self.manner.likes.search(line):
            weight *= LIKED
        if self.manner.avoids.search(line):
            weight *= AVOIDED
        return weight + 1e-6  # however ill it suits, it is better than silence


def _slots(moment: Moment) -> dict[str, str]:
    scenario, persona, spoken = moment.scenario, moment.persona, manners().spoken
    concern = moment.concern
    return {
        "name": persona.name,
        "role": persona.role,
        "organisation": persona.organisation.split(",")[0],  # what follows is an explanation
        "sector": spoken.get(persona.sector, persona.sector),
        "region": spoken.get(persona.region, persona.region),
        "size": str(persona.size),
        "competitor": scenario.competitor or "",
        "vendor": scenario.vendor,
        "echo": _JOINT.sub("", moment.echo),
        "claim": _short(moment.next.claim or ""),
        "concern": concern.short,
        "topic": concern.short,
        "phrase": phrase_of(moment.said),
        "yours": yours_of(moment.said),
        "earlier": _earlier(moment),
        "step": _as_wished(scenario.next_step.label),
    }


def _earlier(moment: Moment) -> str:
    """What can be quoted of the words that met a need of the concern in an earlier message."""
    words = moment.state.concerns[moment.concern.id].words.values()
    before = (phrase_of(said) for said in words if said and said not in moment.said)
    return next((phrase for phrase in before if phrase), "")


#: Where the label of a next step goes into details that nobody would ask for.
_DETAILS = re.compile(r",| (?:with|before|marked|and|then) ")


def _as_wished(label: str) -> str:
    """A next step as the one who would take it says it."""
    short = _DETAILS.split(label.removeprefix("a go-ahead for "))[0]
    return short.replace("the buyer's", "our")


#: What joined the seller's words to what came before them.
_JOINT = re.compile(r"^(?:and|but|so|because|then)\s+", re.IGNORECASE)


def _short(words: str) -> str:
    """A claim short enough to be thrown back; "" when it can't be cut without harm."""
    words = words.strip().rstrip(".!?")
    return words if len(words) <= 90 and not re.search(r"[<>{}\[\]|`\\]|https?:", words) else ""
