"""What only the buyer's ear and the evidence tell about a scenario: does it play as it is meant?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.authoring.lines import Placed
from coach.authoring.reading import Fault, Reading
from coach.perception import Perceiver
from coach.scenario import Scenario
from coach.suggestion.grounding import figures
from knowledge.checking.topic import same_name

if TYPE_CHECKING:
    from coach.ports import Retriever

NEAR = 15  # passages that are looked at for the figures of an example


@dataclass(frozen=True)
class Prover:
    """Synchronous and thread-safe; a second or two for a scenario it hasn't met."""

    retriever: Retriever
    perceiver: Perceiver
    vendor: str

    def prove(self, reading: Reading) -> tuple[Fault, ...]:
        """Warnings in the order of the file; none where the scenario isn't valid."""
        scenario = reading.scenario
        if scenario is None:
            return ()
        looks = (self._names, self._rumour, self._unheard, self._unaskable, self._unproven)
        found = (
            Fault(place, reading.line_of(*place), said)
            for look in looks
            for place, said in look(scenario)
        )
        return tuple(sorted(found, key=lambda fault: fault.line or 0))

    def _names(self, scenario: Scenario) -> Iterator[Placed]:
        if scenario.vendor != self.vendor:
            yield (
                ("vendor",),
                f"claims are checked as {self.vendor}'s: what is said of "
                f"{scenario.vendor[:60]} is taken for somebody else's",
            )
        competitors = {same_name(name) for name in self.retriever.values("competitor")}
        if scenario.competitor and same_name(scenario.competitor) not in competitors:
            yield ("competitor",), f"no evidence is about {scenario.competitor[:60]}"

    def _rumour(self, scenario: Scenario) -> Iterator[Placed]:
        if scenario.rumour is None:
            return
        item = self.retriever.get(scenario.rumour.evidence)
        if item is None or item.truth is None:
            said = f"no rumour {scenario.rumour.evidence[:80]!r} is in the evidence"
            yield ("rumour", "evidence"), said
        elif item.truth is not scenario.rumour.truth:
            yield ("rumour", "truth"), f"the evidence says that this rumour is {item.truth.value}"

    def _unheard(self, scenario: Scenario) -> Iterator[Placed]:
        """Examples that the buyer wouldn't take for what they are examples of."""
        for number, concern in enumerate(scenario.concerns):
            for at, need in enumerate(concern.needs):
                for one, example in enumerate(need.about):
                    heard = self.perceiver.hear(scenario, example, need.ask[0], ())
                    if f"{concern.id}/{need.id}" not in heard.needs:
                        yield (
                            ("concerns", number, "needs", at, "about", one),
                            "isn't heard as an answer to this need: make it one plain sentence",
                        )

    def _unaskable(self, scenario: Scenario) -> Iterator[Placed]:
        for number, fact in enumerate(scenario.facts):
            asked = f"Could you tell me {fact.topic}?"
            found = self.perceiver.hear(scenario, asked, "", ()).asked_fact
            if found != fact.id:
                instead = f"; one gets {found!r} instead" if found else ""
                yield (
                    ("facts", number, "topic"),
                    f"nobody can ask for this: it is too near to something else{instead}",
                )

    def _unproven(self, scenario: Scenario) -> Iterator[Placed]:
        """Examples with figures that a seller could quote nothing for."""
        for number, concern in enumerate(scenario.concerns):
            for at, need in enumerate(concern.needs):
                for one, example in enumerate(need.about):
                    if lacking := self._lacking(example):
                        yield (
                            ("concerns", number, "needs", at, "about", one),
                            f"no evidence near it has {', '.join(sorted(lacking))}: a seller who "
                            "says it may be caught inventing",
                        )

    def _lacking(self, example: str) -> frozenset[str]:
        wanted = figures(example)
        if not wanted:
            return frozenset()
        near = self.retriever.search(example, limit=NEAR)
        return wanted - figures(" ".join(passage.evidence.text for passage in near))
