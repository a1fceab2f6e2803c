"""What a reply is judged by: checks as data. Those that many scenarios share stand in ``rubrics/``.

A scenario writes a check out, or takes a shared one with ``use: <rubric>/<check>`` and changes the
fields it gives itself. Hard rules hold in every scenario, whether it names them or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from coach.authoring.yaml_text import FastLoader
from knowledge.evidence import Truth

RUBRICS = Path(__file__).parent / "rubrics"
HARD_RULES = "hard-rules"
#: What a reply can do with the words of a false rumour.
MYTH_RULES = frozenset({"myth:once", "myth:again", "myth:last", "myth:then-fact"})

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class When(StrEnum):
    """When a check that saw neither its yes nor its no is still a no."""

    EACH = "each"  # never: only what is there counts
    FIRST = "first"  # in the seller's first reply
    ON_OBJECTION = "on_objection"  # in a reply to a buyer's turn that raised or pressed a concern
    ON_CLAIM = "on_claim"  # in a reply that makes a claim
    BY_END = "by_end"  # over the whole session


def _used_or_written(schema: dict[str, Any]) -> None:
    """For editors: a check names the shared one that it uses, or is written out."""
    schema["anyOf"] = [{"required": ["use"]}, {"required": schema.pop("required")}]


class RubricItem(Frozen):
    """A yes / no / not-observable check of one reply.

    ``yes`` and ``no`` list moves, needs as ``need:<concern>/<need>``, or what is done with a
    rumour's words as ``myth:...`` (see ``coach.assessment.seen``); a ``no`` outweighs a ``yes``.
    ``fatal``: a no fails the session whatever else went well; a figure without a source
    only when the evidence contradicts it, or when another was asked about before. ``when_needed``
    false: judged once the buyer has told that there is no need; true: until then. ``use`` is the
    shared check it was taken from, and ``rubric_version`` the version of that file.
    """

    model_config = ConfigDict(json_schema_extra=_used_or_written)

    use: str = Field(default="", max_length=121)
    rubric_version: int = 0
    id: Slug
    question: str
    when: When = When.EACH
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    fatal: bool = False
    when_needed: bool | None = None
    why_yes: str
    why_no: str
    tip: str = Field(max_length=200)

    @model_validator(mode="before")
    @classmethod
    def _taken(cls, given: JsonValue) -> JsonValue:
        if isinstance(given, dict) and isinstance(name := given.get("use"), str) and name:
            return {**shared_check(name), **given}
        return given

    @property
    def rubric(self) -> str:
        """The shared file it comes from, as "<id>@<version>"; "" where the scenario wrote it."""
        return f"{self.use.split('/')[0]}@{self.rubric_version}" if self.use else ""


@dataclass(frozen=True)
class Rubric:
    """One file of shared checks, each as it is written there; ``rumour`` is the truth for which a
    hard rule was written, where it isn't for all."""

    id: str
    version: int
    checks: Mapping[str, Mapping[str, Any]]
    rumour: Mapping[str, Truth]

    def fields(self, check: str) -> dict[str, Any]:
        return {
            **self.checks[check],
            "use": f"{self.id}/{check}",
            "rubric_version": self.version,
        }


@cache
def rubrics(folder: Path = RUBRICS) -> dict[str, Rubric]:
    """The shared rubrics by id; a faulty file raises ValueError or KeyError at once."""
    return {found.id: found for found in map(_read, sorted(folder.glob("*.yaml")))}


def _read(path: Path) -> Rubric:
    raw = yaml.load(path.read_text(encoding="utf-8"), FastLoader)  # noqa: S506  # a safe loader
    rumour = {c["id"]: Truth(c.pop("rumour")) for c in raw["checks"] if "rumour" in c}
    return Rubric(raw["id"], raw["version"], {c["id"]: c for c in raw["checks"]}, rumour)


def shared_check(name: str) -> dict[str, Any]:
    """The fields of ``<rubric>/<check>``; ValueError where there is none of that name."""
    rubric, _, check = name.partition("/")
    found = rubrics().get(rubric)
    if found is None or check not in found.checks:
        known = ", ".join(f"{r.id}/{c}" for r in rubrics().values() for c in r.checks)
        raise ValueError(f"there is no shared check {name[:80]!r}; there are: {known}")
    return found.fields(check)


@cache
def hard_rules(truth: Truth | None) -> tuple[RubricItem, ...]:
    """Those that hold everywhere, and those for a rumour of that truth."""
    found = rubrics()[HARD_RULES]
    return tuple(
        RubricItem.model_validate({"use": f"{HARD_RULES}/{check}"})
        for check in found.checks
        if found.rumour.get(check, truth) == truth
    )


def with_hard_rules(rubric: Iterable[RubricItem], truth: Truth | None) -> tuple[RubricItem, ...]:
    """The checks of a scenario, and every hard rule that none of them holds already."""
    own = tuple(rubric)
    held = {rule for item in own if item.fatal and item.when_needed is None for rule in item.no}
    ids = {item.id for item in own}
    return own + tuple(
        rule for rule in hard_rules(truth) if not set(rule.no) <= held and rule.id not in ids
    )
