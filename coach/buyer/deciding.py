"""What the buyer does next: acts in their order of urgency."""

from __future__ import annotations

from dataclasses import replace

from coach.buyer.rules import BROKEN, CONSTRUCTIVE, FATAL, FELT, LONGEST, LONGEST_QUOTE
from coach.buyer.state import BuyerState, DecisionKind, Next, Standing
from coach.buyer.talking import ASKED, Talking
from coach.moves import MoveKind as M
from coach.perception import REMEMBERED
from coach.scenario import Act


class Mind(Talking):
    """One reaction while it is being worked out; nothing outlives ``buyer.react``."""

    # --- what the buyer does next ---

    def decide(self) -> Next:
        planned = self._decided_act()
        if self.heard.has(M.RECITE) and not (planned.ends or planned.lead):
            return replace(planned, lead=Act.NOTICE_RECITED)
        return planned

    def _decided_act(self) -> Next:
        return (
            self._honest_no()
            or self._leaves()
            or self._parts()
            or self._let_down()
            or self._offended()
            or self._beside()
            or self._unreadable()
            or self._about_source()
            or self._asked_for_step()
            or self._answer()
            or self._rest()
        )

    def _leaves(self) -> Next | None:
        if self.patience <= 0:
            return Next(Act.WALK_AWAY, "patience is used up")
        if self.turn >= LONGEST:
            return Next(Act.WALK_AWAY, "the time is up")
        # a broken hard rule is said to the seller's face before anybody leaves
        caught = bool((FATAL & self.flags) - self.before.flags)
        if caught or self._constructive():
            return None  # ... nor while somebody makes up for it
        if self.trust <= 6:
            return Next(Act.WALK_AWAY, "no trust is left")
        if FATAL & self.flags and self.trust < 15:
            return Next(Act.WALK_AWAY, "caught in an untruth, and little trust is left")
        return None

    def _let_down(self) -> Next | None:
        """The seller's own word, of now against then."""
        if self.lost:
            key, need = self.lost
            return self._warned(Next(Act.ASK_FOR, f"{key}: the answer was taken back", key, need))
        if self.broken:
            return self._warned(Next(Act.LET_DOWN, "a promise was not kept", claim=self.broken))
        return None

    def _offended(self) -> Next | None:
        heard, words = self.heard, None
        if fatal := (FATAL & self.flags) - self.before.flags:
            move = heard.first(M.DENY, M.OWN, M.APOLOGISE, M.INVENT)
            words = move.quote if move else None
            return Next(Act.CONFRONT, "; ".join(BROKEN[f] for f in sorted(fatal)), claim=words)
        for kind, act in (
            (M.INVENT, Act.CHALLENGE),
            (M.DISPARAGE, Act.REBUFF_DISPARAGE),
            (M.PUSH, Act.REBUFF_PUSH),
            (M.DISCOUNT, Act.REBUFF_DISCOUNT),
        ):
            if move := heard.first(kind):
                self.flags -= {"asked-twice"} if kind is M.INVENT else set()
                return self._warned(Next(act, FELT[kind], claim=move.quote))
        if heard.has(M.DISMISS) and not self.progress and not heard.has(M.EXPLORE):
            return self._warned(self._press("the concern was brushed aside", Act.FEEL_IGNORED))
        if heard.has(M.FLATTER) and not self.progress and not heard.has(M.EXPLORE):
            return Next(Act.REBUFF_FLATTERY, "flattered", self.target)
        return None

    def _unreadable(self) -> Next | None:
        for kind, act in (
            (M.PROMPT_LIKE, Act.PUZZLED_PROMPT),
            (M.FOREIGN, Act.PUZZLED_LANGUAGE),
            (M.NOISE, Act.PUZZLED),
            (M.OFF_TOPIC, Act.PUZZLED),
            (M.STUFF, Act.PUZZLED),
        ):
            if self.heard.has(kind) and not self.progress and not self._good_beside(kind):
                return self._warned(Next(act, FELT[kind], self.target))
        if self.heard.has(M.MONOLOGUE):
            return self._warned(Next(Act.INTERRUPT, "too long", self.target))
        if self.heard.has(M.REPEAT) and not self._constructive():
            return self._warned(self._press("said again what was said", Act.NOTICE_REPEAT))
        return None

    def _good_beside(self, kind: M) -> bool:
        return kind in (M.STUFF, M.OFF_TOPIC) and self.heard.has(*CONSTRUCTIVE)

    def _asked_for_step(self) -> Next | None:
        if not self.heard.has(M.NEXT_STEP) and not self.kept:
            return None
        self._accept_ready()
        if not self._blocked():
            if promise := self._unasked_promise():
                return Next(Act.REMIND, "before a yes: a promise is still open", claim=promise)
            why = "every concern that counts is settled and trust is there"
            self._decided(DecisionKind.AGREED, None, why)
            return Next(Act.AGREE, why)
        if self.progress or self.heard.has(M.EXPLORE):
            return None  # first the answer, then the step
        blocker = self._blocked()
        if blocker and blocker in self.concerns and self._visible(blocker):
            return self._press("a next step was proposed too early", None, Act.NOT_YET, blocker)
        return Next(Act.NOT_YET, "a next step was proposed before there was enough trust")

    def _about_source(self) -> Next | None:
        """A claim whose source was asked for: noted, or asked for again in other words."""
        if self.noted and not self.progress and not self.heard.has(M.NEXT_STEP):
            if done := self._accept_ready():
                return self._after_accept(done[0])
            planned = self._press("the source is named or promised", None, Act.PRESS)
            return replace(planned, act=Act.NOTE, follow=planned.act)
        if not self.challenged or self.progress:
            return None
        if "asked-twice" in self.flags:
            self.flags |= {"invented"}
            claim, self.challenged = self.challenged, None
            why = "never said where it comes from"
            return self._warned(Next(Act.CONFRONT, why, claim=claim))
        self.flags.add("asked-twice")
        why = "the source was asked for and did not come"
        return self._warned(Next(Act.CHALLENGE, why, self.target, claim=self.challenged))

    def _answer(self) -> Next | None:
        if not self._asks_particulars() and (revealed := self._reveals()):
            return revealed
        if self._was_asked():
            return None  # first the answer to what was asked
        if done := self._accept_ready():
            return self._after_accept(done[0])
        if self.progress or self.heard.has(M.CHECK, M.EVIDENCE, M.OWN, M.CORRECT, M.COMMIT):
            return self._still_missing()
        return None

    def _was_asked(self) -> bool:
        heard = self.heard
        fact = bool(heard.asked_fact) and heard.asked_fact not in self.before.facts_told
        return not heard.has(M.CHECK) and (fact or (heard.has(M.EXPLORE) and not self.progress))

    def _after_accept(self, key: str) -> Next:
        if upcoming := self._next_open():
            self._concern(upcoming, pressed=self.concerns[upcoming].pressed + 1)
            return Next(Act.ACCEPT, f"{key} is answered and trusted", key, follow=Act.PRESS)
        if self._blocked():
            return Next(Act.ACCEPT, f"{key} is answered and trusted", key)
        self.flags.add("invited")
        return Next(Act.ACCEPT, f"{key} was the last that counted", key, follow=Act.INVITE)

    def _still_missing(self) -> Next:
        key = self.progress[0].split("/")[0] if self.progress else self.target
        if not self._visible(key):
            key = self.target
        state, concern = self.concerns[key], self._find(key)
        if state.standing is Standing.RESOLVED:
            if upcoming := self._next_open():
                return self._press("that one is settled; this one isn't", None, Act.PRESS, upcoming)
            return self._invite_or_wait()
        lead, about = self._answers_first(key)
        if self._answered(concern):
            why = "no trust yet" if self._asked_enough(key) else "not asked about it yet"
            return Next(Act.DOUBT, f"{key}: {why}", key, lead=lead, about=about)
        missing = [n.id for n in concern.needs if n.id not in state.met]
        asked = [n for n in missing if f"{key}/{n}" in self.before.demands]
        required = [n.id for n in concern.needs if n.required and n.id in missing]
        need = (asked or required or missing)[0]
        why = f"{key} still needs: {need}"
        return Next(Act.ASK_FOR, why, key, need=need, lead=lead, about=about)

    def _rest(self) -> Next:
        heard = self.heard
        if asked := self._asked():
            return asked
        if heard.has(M.ACKNOWLEDGE, M.REFLECT, M.ADMIT):
            return self._warned(
                self._asked_again("felt heard, wants an answer", Act.SOFTEN)
                or self._press("felt heard, wants an answer", Act.SOFTEN)
            )
        if heard.has(M.GREET) and self.turn <= 1:
            return self._press("greeted", Act.SMALL_TALK)
        if heard.has(M.ASK) and heard.asked and heard.asked.to_them:
            planned = self._asked_again("asked beside the matter", Act.CANNOT_SAY)
            return self._warned(self._cannot_say(heard.asked, planned))
        if self._to_the_point():
            planned = self._press("on the point, but no answer", None, Act.DOUBT)
        else:
            planned = self._asked_again("was not taken up", Act.FEEL_IGNORED) or self._press(
                "the concern was not taken up", Act.FEEL_IGNORED
            )
        return self._warned(planned)

    def _asked(self) -> Next | None:
        """The answer to a question: a fact, or what there is to tell about the matter."""
        heard = self.heard
        if heard.asked_fact:
            return Next(Act.TELL_FACT, "asked for it", self.target, fact=heard.asked_fact)
        if not heard.has(M.EXPLORE) and heard.strength(M.ASK) < ASKED:
            return None
        if self.concerns[self.target].standing is Standing.RESOLVED:
            return self._still_missing()
        return self._explains("asked about it")

    def _asked_again(self, why: str, lead: Act) -> Next | None:
        """An unanswered demand is made again, in other words."""
        for demand in self._open_demands():
            key, need = demand.split("/")
            if self._visible(key) and self.concerns[key].standing is not Standing.ANSWERED:
                return Next(Act.ASK_FOR, f"{why}; {demand} is still open", key, need, lead=lead)
        return None

    def _open_demands(self) -> tuple[str, ...]:
        """What was asked for and is still to come, the oldest first."""

        def is_open(demand: str) -> bool:
            key, need = demand.split("/")
            concern = self.concerns[key]
            return need not in concern.met and concern.standing is not Standing.RESOLVED

        return tuple(demand for demand in self.before.demands if is_open(demand))

    def _press(
        self, why: str, lead: Act | None, act: Act = Act.PRESS, key: str | None = None
    ) -> Next:
        key = key or self.target
        if self.concerns[key].standing is Standing.RESOLVED:
            key = self._next_open() or key
        if self.concerns[key].standing is Standing.RESOLVED:
            return self._invite_or_wait(lead)
        self._concern(key, pressed=self.concerns[key].pressed + 1)
        return Next(act, why, key, lead=lead)

    def _invite_or_wait(self, lead: Act | None = None) -> Next:
        if self._blocked():
            return Next(Act.HESITATE, "nothing on the table, but something holds back", lead=lead)
        told = "invited" in self.flags
        about = "still" if "invited-again" in self.flags else "again" if told else None
        self.flags.add("invited-again" if told else "invited")
        return Next(Act.INVITE, "nothing more in the way", self.target, lead=lead, about=about)

    def _warned(self, planned: Next) -> Next:
        """The last words before leaving, once."""
        if self.patience <= 22 and "warned" not in self.flags:
            self.flags.add("warned")
            return replace(planned, follow=Act.WARN)
        return planned

    # --- the state afterwards ---

    def settled(self, act: Next) -> BuyerState:
        focus = act.concern or self.target
        if self.concerns[focus].standing is Standing.RESOLVED:
            focus = self._next_open() or focus
        told = {act.fact} if act.fact else set()
        demand = f"{act.concern}/{act.need}" if act.need else None
        if act.act is Act.CHALLENGE and act.claim:
            self.challenged = act.claim[:LONGEST_QUOTE]
        return replace(
            self.before,
            trust=round(self.trust, 2),
            value=round(self.value, 2),
            patience=round(self.patience, 2),
            concerns=self.concerns,
            focus=focus,
            turn=self.turn,
            distrust=round(self.distrust, 2),
            dry=self.dry,
            pending=demand,
            demands=tuple(dict.fromkeys((*self._open_demands(), *([demand] if demand else [])))),
            challenged=self.challenged,
            promises=tuple(self.promises),
            reminded=act.claim if act.act is Act.REMIND else None,
            flags=frozenset(self.flags),
            facts_told=self.before.facts_told | told,
            said=(self.before.said + self.heard.said)[-REMEMBERED:],
            log=tuple(self.log),
            decisions=tuple(self.decisions),
        )
