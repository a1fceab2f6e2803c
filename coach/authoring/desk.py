"""The verbs of a trainer at the desk: check, store, withdraw, hand on and draft scenarios."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.authoring.bringing import Brought, bring
from coach.authoring.bundle import pack
from coach.authoring.drafter import Draft, Drafter
from coach.authoring.proving import Prover
from coach.authoring.reading import Fault, Reading, bad_scenario, read_scenario
from coach.authoring.review import review
from coach.authoring.shelf import Kept, Shelf
from coach.authoring.versions import Version
from coach.authoring.writing import as_yaml
from coach.authoring.yaml_text import is_json
from coach.scenario import Scenario
from knowledge.evidence import Evidence

if TYPE_CHECKING:
    from coach.session import Caller

NAME = "scenario"


@dataclass(frozen=True)
class Checked:
    """``faults`` keep a scenario from being stored, ``warnings`` don't; without faults there is a
    ``scenario``."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()
    scenario: Scenario | None = None

    @property
    def valid(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Written:
    """By the scenario's id; ``left_out`` says why."""

    own: Mapping[str, Scenario]
    left_out: Mapping[str, str]


class Desk:
    """Every verb is refused to who isn't a trainer. ``ready`` gets a scenario ready for play."""

    def __init__(
        self, shelf: Shelf, prover: Prover, drafter: Drafter, ready: Callable[[Scenario], None]
    ) -> None:
        self._shelf, self._prover, self._drafter, self._ready = shelf, prover, drafter, ready

    async def check(self, caller: Caller, source: str) -> Checked:
        trainers_only(caller)
        return await asyncio.to_thread(self._check, source)

    def _check(self, source: str) -> Checked:
        reading = read_scenario(source)
        warnings = (*review(reading), *self._prover.prove(reading))
        sorted_by_line = tuple(sorted(warnings, key=lambda one: one.line or 0))
        return Checked(reading.faults, sorted_by_line, reading.scenario)

    async def read(self, caller: Caller, source: str) -> Scenario:
        """What ``source`` says, stored or not; BadInput with every fault."""
        trainers_only(caller)
        return _valid(await asyncio.to_thread(read_scenario, source))

    async def create(self, caller: Caller, source: str) -> Kept:
        """BadInput with every fault; Conflict where another scenario has its id."""
        scenario = await self.read(caller, source)
        return await self._kept(self._shelf.create, caller, scenario, source)

    async def put(
        self, caller: Caller, scenario_id: str, source: str, after: int | None = None
    ) -> Kept:
        """The next version; one of a scenario that ships is played in its place."""
        scenario = await self.read(caller, source)
        if scenario.id != scenario_id:
            line = read_scenario(source).line_of("id")
            said = f"is {scenario.id!r}, and the address says {scenario_id[:60]!r}"
            raise bad_scenario([Fault(("id",), line, said)], NAME)
        return await self._kept(self._shelf.put, caller, scenario, source, after)

    async def _kept(
        self,
        keep: Callable[..., Kept],
        caller: Caller,
        scenario: Scenario,
        source: str,
        *more: object,
    ) -> Kept:
        written = as_yaml(scenario) if is_json(source) else source
        kept = await asyncio.to_thread(keep, caller, scenario, written, *more)
        self._ready(kept.scenario)
        return kept

    async def withdraw(self, caller: Caller, scenario_id: str) -> None:
        trainers_only(caller)
        await asyncio.to_thread(self._shelf.withdraw, caller, scenario_id)

    async def source(self, caller: Caller, scenario_id: str, version: int | None = None) -> str:
        trainers_only(caller)
        return await asyncio.to_thread(self._shelf.source, caller.tenant, scenario_id, version)

    async def written(self, caller: Caller) -> Written:
        """What was written or changed here, and what of it this coach can't take any more."""
        trainers_only(caller)
        return await asyncio.to_thread(self._written, caller.tenant)

    def _written(self, tenant: str) -> Written:
        own = {one.id: one for one in self._shelf.own(tenant)}
        return Written(own, self._shelf.left_out(tenant))

    async def versions(self, caller: Caller, scenario_id: str) -> Sequence[Version]:
        trainers_only(caller)
        return await asyncio.to_thread(self._shelf.versions, caller.tenant, scenario_id)

    # --- many at once ---

    async def bundle(self, caller: Caller, ids: Sequence[str]) -> bytes:
        """A zip to hand on; NotFound where one of them isn't there."""
        trainers_only(caller)
        return await asyncio.to_thread(self._bundle, caller.tenant, ids)

    def _bundle(self, tenant: str, ids: Sequence[str]) -> bytes:
        return pack(
            (self._shelf.get(tenant, one), self._shelf.source(tenant, one))
            for one in dict.fromkeys(ids)
        )

    async def bring(self, caller: Caller, name: str, content: bytes) -> Sequence[Brought]:
        """What is good of a bundle, or of one file, is stored; each file has its answer."""
        trainers_only(caller)
        found = await asyncio.to_thread(bring, self._shelf, caller, name, content)
        for one in found:
            if one.kept:
                self._ready(one.kept.scenario)
        return found

    # --- drafts ---

    async def draft(
        self,
        caller: Caller,
        evidence_id: str | None = None,
        items: Sequence[Evidence] = (),
        scenario_id: str | None = None,
        use_model: bool = False,
    ) -> Draft:
        """A scenario to edit, from an item of the index or from a battlecard's ``items``."""
        trainers_only(caller)
        return await self._drafter.draft(caller, evidence_id, items, scenario_id, use_model)


def trainers_only(caller: Caller) -> None:
    caller.must_be("trainer", "admin")


def _valid(reading: Reading) -> Scenario:
    if reading.scenario is None:
        raise bad_scenario(reading.faults, NAME)
    return reading.scenario
