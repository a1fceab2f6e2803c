"""What is practised: personas, concerns, lines and rubric of a scenario, as a trainer writes them.

One YAML file each, in ``coach/scenarios/``; ``coach.scenario_book`` reads and validates them.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from random import Random
from string import Formatter
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    model_validator,
)

from coach.consistency import Inconsistent, misfits
from coach.errors import BadInput
from coach.moves import MoveKind
from coach.rubric import Frozen, RubricItem, Slug, with_hard_rules
from knowledge.evidence import Truth

#: What a line may be filled with. ``echo`` is a short stretch of the seller's own words,
#: ``claim`` the claim that is doubted; a line that uses them is only picked where they exist.
SLOTS = frozenset(
    [
        "name",
        "role",
        "organisation",
        "sector",
        "region",
        "competitor",
        "vendor",
        "echo",
        "claim",
        "concern",
        "topic",
    ]
)


def _slots_known(line: str) -> str:
    try:
        used = {field for _, field, _, _ in Formatter().parse(line) if field is not None}
    except ValueError as error:
        raise ValueError(f"braces don't match in {line!r}") from error
    if unknown := used - SLOTS:
        raise ValueError(f"unknown slot {sorted(unknown)} in {line!r}; known: {sorted(SLOTS)}")
    return line


Line = Annotated[str, Field(min_length=1, max_length=600), AfterValidator(_slots_known)]


class Difficulty(StrEnum):
    EASY = "easy"
    NORMAL = "normal"
    HARD = "hard"


class Temperament(StrEnum):
    WARM = "warm"
    BRISK = "brisk"
    ANALYTICAL = "analytical"
    GUARDED = "guarded"
    BLUNT = "blunt"


class Persona(Frozen):
    id: Slug
    name: str
    role: str
    organisation: str
    sector: str
    region: str
    size: int = Field(ge=1)  # employees
    temperament: Temperament
    manner: str  # how this person speaks, one sentence
    #: What this person is given to saying after having told something, each once in a session. It
    #: fits anywhere: it tells, asks and agrees to nothing.
    sayings: tuple[Line, ...] = ()


class Need(Frozen):
    """One thing a seller must bring before the concern is answered.

    It is met by a sentence that makes ``move`` (if given) and means about the same as one of
    ``about`` (if given). ``ask`` is how the buyer asks for it while it is missing.
    """

    id: Slug
    move: MoveKind | None = None
    about: tuple[str, ...] = ()
    ask: tuple[Line, ...] = Field(min_length=2)
    required: bool = False  # needed at every difficulty

    @model_validator(mode="after")
    def _something(self) -> Need:
        if self.move is None and not self.about:
            raise ValueError(f"need {self.id!r} must say `move`, `about` or both")
        return self


class Concern(Frozen):
    """A worry of the buyer. A ``hidden`` one is only told to a seller who earned it by asking.

    ``when_needed`` false: what there is instead of a need, in sessions in which it doesn't exist
    (see ``Scenario.need_exists``). It must be hidden, and its one need has the move `disqualify`.
    True: only in sessions in which the need exists. Left out: in both.
    """

    id: Slug
    label: str = Field(default="", max_length=60)  # in few words: "the outage of 2024"
    card: str  # the hidden card, shown in the debrief: what the buyer really worries about
    topic: str  # what it is about, in plain words; compared in meaning with what the seller says
    hidden: bool = False
    when_needed: bool | None = None
    weight: int = Field(default=2, ge=1, le=3)
    needs: tuple[Need, ...] = Field(min_length=1)
    say: tuple[Line, ...] = Field(min_length=3)  # states or presses it; for a hidden one: tells it
    explain: tuple[Line, ...] = Field(min_length=3)  # more about it, when asked openly
    doubt: tuple[Line, ...] = Field(min_length=3)  # an answer came that isn't enough
    accept: tuple[Line, ...] = Field(min_length=3)  # it is settled

    @property
    def short(self) -> str:
        """A few words for it, as in "can we get back to ..."."""
        first = self.topic.split(".")[0].strip()
        if self.label or len(first) > 80:
            return self.label or self.id.replace("-", " ")
        return first[:1].lower() + first[1:]


class Fact(Frozen):
    """A harmless fact that the buyer tells when asked about it: about ``topic``, or in words like
    ``asks``. Who, when, where and how many are only answered where the topic or a question says so.
    """

    id: Slug
    topic: str
    asks: tuple[str, ...] = ()
    say: tuple[Line, ...] = Field(min_length=1)


class Attitude(StrEnum):
    WARM = "warm"
    NEUTRAL = "neutral"
    COLD = "cold"


class LinesByAttitude(Frozen):
    any: tuple[Line, ...] = ()
    warm: tuple[Line, ...] = ()
    neutral: tuple[Line, ...] = ()
    cold: tuple[Line, ...] = ()


class Act(StrEnum):
    """What the buyer does next. Code decides it; the voice only words it."""

    OPEN = "open"
    SMALL_TALK = "small_talk"
    ASIDE = "aside"  # answers what was said beside the matter: about themselves, about the talk
    PRESS = "press"  # states or repeats a concern
    EXPLAIN = "explain"  # tells more about a concern, having been asked
    REVEAL = "reveal"  # tells a hidden concern, having been earned
    TELL_FACT = "tell_fact"
    CANNOT_SAY = "cannot_say"  # doesn't know the answer, and says so
    SOFTEN = "soften"  # feels heard, goes on to the concern
    ASK_FOR = "ask_for"  # asks for what is missing before the concern is settled
    DOUBT = "doubt"
    ACCEPT = "accept"  # lets go of a concern
    CHALLENGE = "challenge"  # asks where a claim comes from
    NOTE = "note"  # takes a promised or named source as an answer for now
    REMIND = "remind"  # asks whether an earlier promise still stands
    LET_DOWN = "let_down"  # a promise was broken or forgotten
    CONFRONT = "confront"  # caught a lie, a denial or an invention
    REBUFF_PUSH = "rebuff_push"
    REBUFF_DISCOUNT = "rebuff_discount"
    REBUFF_DISPARAGE = "rebuff_disparage"
    REBUFF_FLATTERY = "rebuff_flattery"
    FEEL_IGNORED = "feel_ignored"
    INTERRUPT = "interrupt"  # stops a monologue
    NOTICE_REPEAT = "notice_repeat"
    NOTICE_RECITED = "notice_recited"  # what was said was read out
    PUZZLED = "puzzled"  # didn't understand: noise, keywords, off topic
    PUZZLED_PROMPT = "puzzled_prompt"  # was addressed as if it were a program
    PUZZLED_LANGUAGE = "puzzled_language"
    HESITATE = "hesitate"  # all that was said is settled, and something unsaid holds back
    INVITE = "invite"  # nothing more in the way: what do you suggest?
    NOT_YET = "not_yet"  # a next step was proposed too early
    WARN = "warn"  # close to leaving
    AGREE = "agree"  # takes the next step: won
    WALK_AWAY = "walk_away"
    NOT_A_FIT = "not_a_fit"  # an honest disqualification is accepted


#: Acts whose words come from the concern, need, fact, next step or what was asked, not from
#: ``lines``.
SCENARIO_ACTS = frozenset(
    {
        Act.OPEN,
        Act.PRESS,
        Act.EXPLAIN,
        Act.REVEAL,
        Act.ASIDE,
        Act.TELL_FACT,
        Act.CANNOT_SAY,
        Act.ASK_FOR,
        Act.DOUBT,
        Act.ACCEPT,
        Act.NOT_YET,
        Act.AGREE,
    }
)


class NextStep(Frozen):
    label: str  # "a call with a reference customer and the audit report"
    accept: tuple[Line, ...] = Field(min_length=3)
    decline: tuple[Line, ...] = Field(min_length=3)  # proposed too early


class Rumour(Frozen):
    evidence: str  # id of the rumour in the knowledge base
    truth: Truth
    statement: str


#: A share of sessions.
Share = Annotated[float, Field(gt=0, lt=1)]


class Scenario(Frozen):
    """``need_exists`` says whether the buyer needs what is sold: true, false, or in which share of
    the sessions; the seed decides in which. Where it doesn't, a rep who finds that out by asking
    and says so has succeeded, and no next step is ever agreed.
    """

    id: Slug
    version: int = Field(default=1, ge=1)
    kind: Literal["tactical", "strategic"]
    title: str
    summary: str
    guide_section: str
    goal: str
    difficulty: Difficulty = Difficulty.NORMAL
    minutes: int = Field(default=10, ge=1, le=60)
    objection: str  # what type of objection this is, for suggestions
    vendor: str
    competitor: str | None = None
    places: tuple[str, ...] = ()  # names of the country that the plan is about, as evidence has it
    rumour: Rumour | None = None
    start_trust: float = Field(default=0, ge=-30, le=30)  # warmer or colder than usual
    need_exists: bool | Share = True
    personas: tuple[Persona, ...] = Field(min_length=1)
    #: Whether personas of other scenarios of the same kind may be met here: only where no line
    #: presupposes anything of a persona that isn't in a slot, such as the sector.
    guests: bool = False
    #: Whether a rep sees the trust, value and patience of the buyer while they talk.
    show_mood: bool = False
    opening: tuple[Line, ...] = Field(min_length=3)
    concerns: tuple[Concern, ...] = Field(min_length=1)
    facts: tuple[Fact, ...] = ()
    next_step: NextStep
    lines: dict[Act, LinesByAttitude] = Field(default_factory=dict)
    rubric: tuple[RubricItem, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        if faults := misfits(self):
            raise Inconsistent(faults)
        return self

    @cached_property
    def fingerprint(self) -> str:
        """Of all that is in it but its version: what was played can be told by this for ever."""
        content = self.model_dump_json(exclude={"version"}, exclude_defaults=True)
        return sha256(content.encode()).hexdigest()

    @property
    def checks(self) -> tuple[RubricItem, ...]:
        """What replies are judged by: the rubric, and the hard rules that hold everywhere."""
        return with_hard_rules(self.rubric, self.rumour.truth if self.rumour else None)

    def with_guest(self, guest: Persona) -> Scenario:
        fields = {name: getattr(self, name) for name in Scenario.model_fields}
        return Scenario.model_validate(fields | {"personas": (*self.personas, guest)})

    def needed(self, seed: int) -> bool:
        """Whether the need exists in the session of that seed."""
        if isinstance(self.need_exists, bool):
            return self.need_exists
        return Random(f"need/{self.id}/{seed}").random() < self.need_exists  # noqa: S311

    def concerns_where(self, needed: bool) -> tuple[Concern, ...]:
        """The worries of a buyer with or without the need."""
        return tuple(c for c in self.concerns if c.when_needed in (None, needed))

    @cached_property
    def spoken(self) -> str:
        """All that the other side may say, and who they are."""
        return "\n".join(self._spoken())

    def _spoken(self) -> Iterator[str]:
        for who in self.personas:
            yield from (who.name, who.organisation, who.sector, who.region, *who.sayings)
        yield from self.opening
        for concern in self.concerns:
            yield from (*concern.say, *concern.explain, *concern.doubt, *concern.accept)
            for need in concern.needs:
                yield from need.ask
        for fact in self.facts:
            yield from fact.say
        yield from (*self.next_step.accept, *self.next_step.decline)

    def persona(self, persona_id: str | None) -> Persona:
        """The persona of that id, or the first; raises BadInput for an unknown one."""
        if persona_id is None:
            return self.personas[0]
        for persona in self.personas:
            if persona.id == persona_id:
                return persona
        known = ", ".join(p.id for p in self.personas)
        raise BadInput(f"scenario {self.id} has no persona {persona_id!r}; it has: {known}")
