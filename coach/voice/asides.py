"""What a person answers to talk beside the matter, and to what they don't know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import Field, model_validator

from coach.perception import Aside, Wants
from coach.rubric import Frozen
from coach.scenario import Act, Temperament
from coach.scenario_book import SHARED_LINES, read_yaml
from coach.voice.moment import Moment
from coach.voice.script import Pool, Script


class Sayings(Frozen):
    """Lines that anybody may say, and those of a temperament."""

    any: tuple[str, ...] = Field(min_length=2)
    of: Mapping[Temperament, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, raw: Mapping[str, list[str]]) -> dict[str, object]:
        return {"any": raw["any"], "of": {k: v for k, v in raw.items() if k != "any"}}


class Asides(Frozen):
    """``says`` answers an aside, ``before`` comes before the same thing in other words, ``unknown``
    and ``instead`` stand for an answer, ``partly`` before half of one, and
    ``ready`` asks for a proposal once more; ``recalls`` comes back to what was said before."""

    says: Mapping[Aside, Sayings]
    before: Mapping[str, Sayings]
    unknown: Mapping[Wants, Sayings]
    instead: Sayings
    partly: Sayings
    ready: Mapping[str, Sayings]
    recalls: Sayings


@cache
def asides() -> Asides:
    """The answers that ship."""
    return Asides.model_validate(read_yaml(SHARED_LINES / "asides.yaml"))


def aside(script: Script, moment: Moment) -> str:
    """The answer to what was said beside the matter."""
    kind = Aside(moment.next.about or Aside.NODS)
    return _one(script, moment, f"aside.{kind.value}", asides().says[kind])


def about_me(script: Script, moment: Moment, kind: Aside) -> str:
    """The answer to a question about the person that came with something else, once each."""
    if not script.once(f"about.{kind.value}"):
        return ""
    return _one(script, moment, f"aside.{kind.value}", asides().says[kind])


def once_more(script: Script, moment: Moment) -> str:
    """What comes before the same thing in other words."""
    how = moment.next.about or ""
    return _one(script, moment, f"aside.before.{how}", asides().before[how])


def cannot_say(script: Script, moment: Moment) -> str:
    """ "I don't know" in words that suit the question, or what leads to half an answer."""
    if moment.next.about == "partly":
        return _one(script, moment, "unknown.partly", asides().partly)
    wanted = Wants(moment.next.about or Wants.ANYTHING)
    said = _one(script, moment, f"unknown.{wanted.value}", asides().unknown[wanted])
    said = said or _one(script, moment, "unknown.anything", asides().unknown[Wants.ANYTHING])
    if moment.next.act is not Act.EXPLAIN:
        return said
    return f"{said} {_one(script, moment, 'unknown.instead', asides().instead)}".strip()


def ready(script: Script, moment: Moment) -> str:
    """Asks once more for a proposal, and says what it might be."""
    how = moment.next.about or ""
    return _one(script, moment, f"ready.{how}", asides().ready[how])


def recalled(script: Script, moment: Moment) -> str:
    """A word on what the seller brought earlier to the same concern, once each."""
    earlier = script.slots["earlier"]
    if not earlier or not script.once(f"recalled.{earlier.casefold()}"):
        return ""
    return _one(script, moment, "recalls", asides().recalls)


def _one(script: Script, moment: Moment, name: str, sayings: Sayings) -> str:
    own = sayings.of.get(moment.persona.temperament, ())
    pools: list[Pool] = [(f"{name}.{moment.persona.temperament.value}", own), (name, sayings.any)]
    return script.pick(*(pools if script.chance(0.6) else reversed(pools)))
