"""The types of objections: what each is about, where to practise it, how replies are worded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coach.scenario_book import read_yaml
from knowledge.evidence import Kind, Passage

WORDINGS = Path(__file__).parent / "objections.yaml"
NONE = "none"
STANDS_OUT = 0.35  # least confidence of a reading that is worth asking about by its name


@dataclass(frozen=True)
class Wording:
    """How replies to one type of objection are worded; holds no fact of any kind.

    A type that isn't ``live`` is an objection to a plan, raised by colleagues and partners; it is
    known from its scenario and never guessed from a customer's words.
    """

    scenario: str | None
    kinds: tuple[Kind, ...]
    about: str = ""
    live: bool = True
    seek: tuple[str, ...] = ()
    acknowledge: tuple[str, ...] = ()
    bridge: tuple[str, ...] = ()
    question: tuple[str, ...] = ()
    step: tuple[str, ...] = ()

    def place(self, kind: Kind) -> int:
        """How far down the list of wanted kinds of proof ``kind`` stands; 99 when it doesn't."""
        return self.kinds.index(kind) if kind in self.kinds else 99


@cache
def wordings() -> dict[str, Wording]:
    raw = read_yaml(WORDINGS)
    return {
        name: Wording(
            scenario=entry["scenario"],
            kinds=tuple(Kind(kind) for kind in entry["kinds"]),
            about=entry.get("about", ""),
            live=entry.get("live", True),
            **{key: tuple(entry.get(key, ())) for key in _TEXTS},
        )
        for name, entry in raw.items()
    }


_TEXTS = ("seek", "acknowledge", "bridge", "question", "step")


@dataclass(frozen=True)
class Reading:
    """One way to take the words: ``type`` is an objection id or "none", ``scenario`` the one to
    practise it in, ``confidence`` 0 to 1."""

    type: str
    scenario: str | None
    confidence: float

    @property
    def about(self) -> str:
        """What it is about, to go on after "about"."""
        known = wordings().get(self.type)
        return known.about if known and known.about else self.type.replace("_", " ")


@dataclass(frozen=True)
class ObjectionGuess(Reading):
    """The likeliest reading. When it isn't ``sure``, ``alternatives`` names at least one other;
    when it is, they are what else the words may raise, the likeliest first."""

    rumour: Passage | None = None
    sure: bool = True
    alternatives: tuple[Reading, ...] = ()

    @property
    def answerable(self) -> bool:
        """False when all there is to say is a question back, or nothing."""
        return self.type != NONE and (self.sure or self.confidence >= STANDS_OUT)

    @property
    def says(self) -> str:
        """The guess in one sentence, for the one who has to answer."""
        if not self.sure:
            no = ", or no objection at all" if NONE in self._types else ""
            return f"Not sure: this may be about {' or about '.join(self._may_be_about)}{no}."
        return "No objection." if self.type == NONE else f"This is about {self.about}."

    @property
    def asks(self) -> str:
        """The question to the customer that settles which reading is right; "" when it is sure."""
        if self.sure:
            return ""
        if not self.answerable and self.type != NONE:
            return "What is it that makes you hesitate?"
        first, *others = self._may_be_about
        second = "something else" if NONE in self._types or not others else others[0]
        return f"Is it about {first}, or rather about {second}?"

    @property
    def _may_be_about(self) -> list[str]:
        readings = (r.about for r in (self, *self.alternatives) if r.type != NONE)
        return list(dict.fromkeys(readings))

    @property
    def _types(self) -> set[str]:
        return {self.type, *(r.type for r in self.alternatives)}
