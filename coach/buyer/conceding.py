"""What the buyer lets go of, tells or agrees to, and on which condition: the only place for it."""

from __future__ import annotations

from coach.buyer.memory import Remembering
from coach.buyer.rules import FATAL
from coach.buyer.state import DecisionKind, Next, Standing
from coach.moves import MoveKind as M
from coach.scenario import Act, Concern

ASKED_OPENLY = 0.6  # strength of an open question that gets an answer


class Conceding(Remembering):
    """Each concession is recorded with the reason for it."""

    def _lets_go(self) -> bool:
        """In a plan "not the right fit" is said of markets; it disqualifies nobody present."""
        beside = self.heard.needs or self.heard.has(M.NEXT_STEP, M.EXPLORE, M.EVIDENCE)
        return bool(
            self.scenario.kind == "tactical" and self.heard.has(M.DISQUALIFY) and not beside
        )

    def _honest_no(self) -> Next | None:
        """There is no need, and the seller, who was told and never caught inventing, says so; who
        still owes the source of a claim isn't believed."""
        told = self.before.knows_no_need and self.heard.has(M.DISQUALIFY)
        if not told or (FATAL | {"invented"}) & self.flags or self.challenged:
            return None
        return self._part("found out that there is no need, and said so", self.before.instead)

    def _parts(self) -> Next | None:
        """A no that is no success: unfounded, dishonest, or where the need is there."""
        if self.before.knows_no_need and self.heard.has(M.DISQUALIFY):
            return self._part(
                "said rightly that there is no need, and stood there as one who invents"
            )
        if not self._lets_go():
            return None
        if self.before.instead:
            return self._part("let go without having found out that there is no need")
        return self._part("let go, though the need is there")

    def _part(self, why: str, settled: str | None = None) -> Next:
        """Takes the seller's no; ``settled`` is the concern that it settles, if it is an honest
        one."""
        if settled:
            self._concern(settled, standing=Standing.RESOLVED)
        self._decided(DecisionKind.PARTED, settled, f"the seller {why}")
        return Next(Act.NOT_A_FIT, f"the seller {why}", settled)

    def _accept_ready(self) -> list[str]:
        """Settles what is answered, if there is trust enough."""
        done: list[str] = []
        for key, state in self.concerns.items():
            trusted = self.trust >= self.rules.accept and not FATAL & self.flags
            if state.standing is Standing.ANSWERED and trusted:
                self._concern(key, standing=Standing.RESOLVED)
                done.append(key)
                met = ", ".join(sorted(state.met))
                self._decided(
                    DecisionKind.SETTLED, key, f"brought {met}; trust {self.trust:.0f} is enough"
                )
        return done

    def _blocked(self) -> str | None:
        """What stands between the buyer and a next step: a concern, or "trust"; None if nothing."""
        if self.before.instead:
            return self.before.instead  # nobody buys what they don't need
        for concern in self.worries:
            if self.concerns[concern.id].standing is Standing.RESOLVED or concern.weight < 2:
                continue
            # told or not: who asked one question more must not stand worse for it
            if concern.hidden and not self.rules.hidden_too:
                continue
            return concern.id
        if FATAL & self.flags or self.challenged:
            return "trust"
        extra = 8 * len({"invented", "broken-promise"} & self.flags)
        return "trust" if self.trust < self.rules.agree + extra else None

    def _reveals(self) -> Next | None:
        asks = self.heard.strength(M.EXPLORE) >= ASKED_OPENLY or self.heard.has(M.CHECK)
        earned = any(
            c.explored >= (1 if c.standing is Standing.RESOLVED else self._depth())
            for c in self.concerns.values()
            if c.standing is not Standing.HIDDEN
        )
        if not (asks and earned and self.trust >= self.rules.reveal) or FATAL & self.flags:
            return None
        if self.rules.hidden_too and self._attention() < (3 if self._next_open() else 2):
            return None
        for concern in self.worries:
            state = self.concerns[concern.id]
            if state.standing is Standing.HIDDEN:
                self._decided(DecisionKind.TOLD, concern.id, "asked openly, and trusted enough")
                self._concern(concern.id, standing=Standing.SURFACED, pressed=1, explored=1)
                lead = Act.SOFTEN if self.heard.has(M.ACKNOWLEDGE, M.REFLECT) else None
                return Next(Act.REVEAL, "asked openly, and trusted enough", concern.id, lead=lead)
        return None

    def _attention(self) -> int:
        """How often the seller asked, took something up or was frank; facts earn no secrets."""
        given = sum(c.explored + c.heard for c in self.concerns.values())
        return given + len({"owned", "admitted"} & self.flags)

    def _depth(self) -> int:
        return 3 if self.rules.loss > 1 else 2

    def _next_open(self) -> str | None:
        done = (Standing.HIDDEN, Standing.RESOLVED)
        return next((c.id for c in self.worries if self.concerns[c.id].standing not in done), None)

    def _visible(self, key: str) -> bool:
        return self.concerns[key].standing is not Standing.HIDDEN

    def _find(self, key: str) -> Concern:
        return next(c for c in self.scenario.concerns if c.id == key)
