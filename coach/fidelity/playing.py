"""One session from the opening to its end, taken turn by turn as ``coach.turn`` takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from coach.assessment import Assessment, Reply, assess
from coach.buyer import BuyerState, Ending, Next, ending_of, opening_state, react
from coach.claims import Claim
from coach.fidelity.sellers import Seller, View
from coach.fidelity.stage import Stage
from coach.perception import Perception
from coach.scenario import Act, Difficulty, Persona, Scenario
from coach.session import Speaker, Turn
from coach.turn import counted, weighed
from coach.voice import Moment, Utterance, compose, speak

LONGEST = 60  # turns after which a session that hasn't ended is given up
HEARD_AGAIN = 12  # turns that the voice looks back on, as in the service
_AT = datetime(2026, 1, 1, tzinfo=UTC)  # nothing that is played depends on when


@dataclass(frozen=True)
class Game:
    """What makes a session what it is: the same game is the same session."""

    seller: str
    scenario: str
    difficulty: Difficulty
    persona: str
    seed: int


@dataclass(frozen=True)
class Spoken:
    """One exchange: what the seller said, how it was heard, and what came back."""

    reply: Reply
    state: BuyerState
    next: Next
    said: Utterance

    @property
    def seller(self) -> str:
        return self.reply.text

    @property
    def heard(self) -> Perception:
        return self.reply.heard

    @property
    def buyer(self) -> str:
        return self.said.text

    @property
    def lines(self) -> frozenset[str]:
        return self.said.lines


@dataclass(frozen=True)
class Played:
    """A whole session; ``end`` is the act that ended it, or None when it was given up."""

    scenario: Scenario
    persona: Persona
    difficulty: Difficulty
    seed: int
    opened: BuyerState
    opening: str
    opening_lines: frozenset[str]
    turns: tuple[Spoken, ...]

    @property
    def end(self) -> Act | None:
        last = self.turns[-1].next
        return last.act if last.ends else None

    @property
    def ending(self) -> Ending:
        """How it ended in the sense of the buyer's rules."""
        last = self.turns[-1]
        return ending_of(last.next.act, last.state)

    @property
    def won(self) -> bool:
        """A next step was agreed, or an honest no said where there was no need."""
        return self.ending.success

    def assessments(self) -> list[Assessment]:
        """What the embedded judge says of each of the seller's turns."""
        return [assess(self.scenario, turn.reply) for turn in self.turns]

    def transcript(self, details: bool = False) -> str:
        """The session to read."""
        where = f"{self.scenario.id}, {self.difficulty.value}, seed {self.seed}"
        out = [f"### {where}: {self.persona.name}", f"BUYER  {self.opening}"]
        for turn in self.turns:
            out.append(f"SELLER {turn.seller}")
            if details:
                out += _inside(turn)
            out.append(f"BUYER  {turn.buyer}")
        return "\n".join([*out, f"=> {self.end.value if self.end else 'given up'}", ""])


def _inside(turn: Spoken) -> list[str]:
    moves = [(m.kind.value, round(m.strength, 1)) for m in turn.heard.moves]
    state, planned = turn.state, turn.next
    where = {k: (c.standing.value, sorted(c.met)) for k, c in state.concerns.items()}
    return [
        f"       {moves} needs={list(turn.heard.needs)} fact={turn.heard.asked_fact}",
        f"       -> {planned.act.value} lead={planned.lead} follow={planned.follow}"
        f" [{planned.reason}] T{state.trust:.0f} V{state.value:.0f} P{state.patience:.0f}"
        f" {where} {sorted(state.flags)}",
    ]


async def play(
    seller: Seller,
    scenario: Scenario,
    difficulty: Difficulty,
    seed: int,
    stage: Stage,
    persona: Persona | None = None,
) -> Played:
    """The session of ``seller`` with a buyer; without a ``persona`` the seed picks one in turn."""
    who = persona or scenario.personas[seed % len(scenario.personas)]
    opened = opening_state(scenario, who, difficulty, seed)
    talk = _Talk(stage, scenario, who, difficulty, seed, opened)
    while len(talk.turns) < LONGEST and not talk.planned.ends:
        await talk.take(seller)
    words = talk.opening
    return Played(
        scenario, who, difficulty, seed, opened, words.text, words.lines, tuple(talk.turns)
    )


class _Talk:
    """A session while it goes on."""

    def __init__(
        self,
        stage: Stage,
        scenario: Scenario,
        who: Persona,
        difficulty: Difficulty,
        seed: int,
        opened: BuyerState,
    ) -> None:
        self._stage, self._scenario, self._who = stage, scenario, who
        self._difficulty, self._seed = difficulty, seed
        self.planned = Next(Act.OPEN, "opens")
        self.opening = compose(Moment(scenario, who, opened, self.planned, seed))
        self._state = replace(opened, used=self.opening.lines)
        self.turns: list[Spoken] = []
        self._history: list[Turn] = []
        self._coached: list[str] = []  # in the hints so far
        self._told(Speaker.BUYER, self.opening.text)

    async def take(self, seller: Seller) -> None:
        """One exchange."""
        scenario, answered, last = self._scenario, self.planned, self._history[-1].text
        before = self._state
        self._stage.embedder.sum_up(last)
        text = seller.next(self._seen(last))
        heard, claims = self._read(text, last)
        self._state, self.planned = react(self._state, heard, scenario, self._difficulty)
        self._told(Speaker.SELLER, text)
        said = await self._words(heard)
        self._state = replace(self._state, used=self._state.used | said.lines)
        self._told(Speaker.BUYER, said.text)
        reply = Reply(
            text,
            heard,
            claims,
            answered.act,
            last,
            self.planned.act,
            first=not self.turns,
            before=before,
        )
        self.turns.append(Spoken(reply, self._state, self.planned, said))

    def _read(self, text: str, last: str) -> tuple[Perception, tuple[Claim, ...]]:
        scenario, stage = self._scenario, self._stage
        heard = stage.perceiver.hear(scenario, text, last, self._state.said, self._coached)
        claims = counted(heard, stage.check(text, scenario.spoken, scenario.kind == "strategic"))
        return weighed(heard, claims), claims

    async def _words(self, heard: Perception) -> Utterance:
        moment = Moment(
            self._scenario,
            self._who,
            self._state,
            self.planned,
            self._seed,
            heard.echo,
            tuple(self._history[-HEARD_AGAIN:]),
            said=self._history[-1].text,
        )
        said = Utterance("")
        async for event in speak(moment, self._stage.model):
            if isinstance(event, Utterance):
                said = event
        return said

    def _seen(self, last: str) -> View:
        act, concern, need = _understood(self.planned, self._state)
        return View(act, concern, need, len(self.turns), lambda: self._hint(last))

    def _hint(self, last: str) -> tuple[str, ...]:
        """The full suggestions; as in the product, the session keeps what was suggested."""
        given = self._stage.hint(self._scenario, self._who, self._state, last)
        self._coached += given
        return given

    def _told(self, speaker: Speaker, text: str) -> None:
        self._history.append(Turn(len(self._history), speaker, text, _AT))


def _understood(planned: Next, state: BuyerState) -> tuple[Act, str | None, str | None]:
    """What a seller who listens takes from the buyer's words: the last thing said counts."""
    if planned.follow in (Act.PRESS, Act.INVITE):
        return planned.follow, state.focus, None
    return planned.act, planned.concern, planned.need
