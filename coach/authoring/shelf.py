"""The scenarios of a tenant: those that ship and those written here, in every version."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from coach.authoring.reading import scenario_of
from coach.authoring.versions import ScenarioStore, Version
from coach.authoring.writing import as_yaml
from coach.errors import BadInput, Conflict, NotFound, Overtaken
from coach.scenario import Scenario
from coach.scenario_book import ScenarioBook

if TYPE_CHECKING:
    from coach.ports import Clock
    from coach.session import Caller

log = logging.getLogger(__name__)

#: Words that stand where an id would in the API.
RESERVED = frozenset({"schema", "validate", "import", "bundle", "draft", "try"})
MOST_REMEMBERED = 200  # scenarios as they were played


@dataclass(frozen=True)
class Kept:
    """What a change led to; ``is_new`` where there was none of the id before."""

    scenario: Scenario
    is_new: bool
    is_changed: bool = True


class Played(Protocol):
    """A session, as far as it says what it is or was played with."""

    @property
    def owner(self) -> Caller: ...
    @property
    def scenario(self) -> str: ...
    @property
    def scenario_version(self) -> int: ...
    @property
    def scenario_fingerprint(self) -> str: ...


class Shelf:
    """Synchronous and thread-safe; call it on a thread. Reads again when the store changed."""

    def __init__(self, book: ScenarioBook, store: ScenarioStore, clock: Clock) -> None:
        self.book, self._store, self._clock = book, store, clock
        self._own: dict[str, tuple[int, dict[str, Scenario]]] = {}
        self._played: dict[str, Scenario] = {}
        self._kept: set[tuple[str, str]] = set()
        self._reading = Lock()

    # --- reading ---

    def all(self, tenant: str, kind: str | None = None) -> list[Scenario]:
        """As they ship, each in its own version where there is one; then what was added."""
        found = {scenario.id: scenario for scenario in self.book.all()} | self._current(tenant)
        return [scenario for scenario in found.values() if kind in (None, scenario.kind)]

    def get(self, tenant: str, scenario_id: str, version: int | None = None) -> Scenario:
        """NotFound names those there are."""
        present = self._present(tenant, scenario_id)
        if version is None:
            return present or self._shipped(tenant, scenario_id)
        for known in (present, self.book.get(scenario_id) if self.book.has(scenario_id) else None):
            if known and known.version == version:
                return known
        return _of(self._version(tenant, scenario_id, version))

    def source(self, tenant: str, scenario_id: str, version: int | None = None) -> str:
        """The YAML as it was written, comments and all."""
        scenario = self.get(tenant, scenario_id, version)
        if self.book.has(scenario_id) and self.book.get(scenario_id) is scenario:
            return self.book.source(scenario_id)
        return self._version(tenant, scenario_id, scenario.version).source or ""

    def versions(self, tenant: str, scenario_id: str) -> list[Version]:
        """Own ones, the latest first; none for a scenario that only ships."""
        self.get(tenant, scenario_id)
        return self._store.scenario_versions(tenant, scenario_id)

    def own(self, tenant: str) -> list[Scenario]:
        """Those that were written or changed here."""
        return list(self._current(tenant).values())

    def left_out(self, tenant: str) -> dict[str, str]:
        """What an older coach took and this one doesn't, and why, by the scenario's id."""
        reasons = {v.scenario: _fault(v) for v in self._store.current_scenarios(tenant)}
        return {scenario: reason for scenario, reason in reasons.items() if reason}

    def is_own(self, tenant: str, scenario_id: str) -> bool:
        return scenario_id in self._current(tenant)

    def cast(self, tenant: str, scenario: Scenario, persona: str) -> Scenario:
        """The scenario with ``persona`` in it, who may be of another one of the same kind.

        BadInput where nobody is called that, or where this scenario takes no guests.
        """
        if any(one.id == persona for one in scenario.personas) or not scenario.guests:
            scenario.persona(persona)
            return scenario
        for other in self.all(tenant, scenario.kind):
            for guest in other.personas:
                if guest.id == persona:
                    return scenario.with_guest(guest)
        known = sorted({p.id for s in self.all(tenant, scenario.kind) for p in s.personas})
        raise BadInput(f"nobody is called {persona[:60]!r}; there are: {', '.join(known)}")

    # --- what a session is played with ---

    def keep(self, tenant: str, scenario: Scenario) -> None:
        """So that a session which is played with it finds it again for ever."""
        key = (tenant, scenario.fingerprint)
        if key not in self._kept:
            self._store.keep_played(*key, as_yaml(scenario))
            self._kept.add(key)

    def played(self, session: Played) -> Scenario:
        """What the session is or was played with."""
        tenant, fingerprint = session.owner.tenant, session.scenario_fingerprint
        if not fingerprint:
            return self.get(tenant, session.scenario)
        if found := self._played.get(fingerprint) or self._as_it_ships(session):
            return found
        source = self._store.played(tenant, fingerprint)
        if source is None:
            return self.get(tenant, session.scenario)
        scenario = _numbered(scenario_of(source, session.scenario), session.scenario_version)
        while len(self._played) >= MOST_REMEMBERED:
            self._played.pop(next(iter(self._played)), None)
        self._played[fingerprint] = scenario
        return scenario

    # --- changing ---

    def create(self, caller: Caller, scenario: Scenario, source: str) -> Kept:
        """Conflict where there is one of its id already, unless it is the same."""
        present = self._present(caller.tenant, scenario.id)
        if present and present.fingerprint != scenario.fingerprint:
            raise Conflict(
                f"there is a scenario {scenario.id} already; PUT changes it, or give this one "
                "another id"
            )
        if present:
            return Kept(present, is_new=False, is_changed=False)
        return self.put(caller, scenario, source)

    def put(
        self, caller: Caller, scenario: Scenario, source: str, after: int | None = None
    ) -> Kept:
        """A next version, unless nothing changed; Overtaken if the present one isn't ``after`` (0:
        none yet)."""
        if scenario.id in RESERVED:
            raise BadInput(f"a scenario can't have the id {scenario.id!r}; choose another")
        tenant, present = caller.tenant, self._present(caller.tenant, scenario.id)
        if after is not None and (present.version if present else 0) != after:
            raise Overtaken(
                f"scenario {scenario.id} was changed or removed meanwhile; read it again, and send "
                "your change with its new ETag"
            )
        if present and self.source(tenant, scenario.id) == source:
            return Kept(present, is_new=False, is_changed=False)
        new = self._new(caller, scenario.id, source)
        added = self._store.add_scenario(tenant, new, self._latest(tenant, new.scenario, after))
        return Kept(_numbered(scenario, added.version), is_new=present is None)

    def withdraw(self, caller: Caller, scenario_id: str) -> None:
        """Its versions stay for the sessions played with them; a shipped one comes back."""
        if not self.is_own(caller.tenant, scenario_id):
            self._shipped(caller.tenant, scenario_id)
            raise Conflict(f"{scenario_id} ships with the coach: it can be changed, not deleted")
        self._store.add_scenario(caller.tenant, self._new(caller, scenario_id, None), None)

    # --- inside ---

    def _new(self, caller: Caller, scenario_id: str, source: str | None) -> Version:
        """Numbered on from the one that ships, if there is one."""
        least = self.book.get(scenario_id).version + 1 if self.book.has(scenario_id) else 1
        return Version(scenario_id, least, source, caller.user, self._clock())

    def _latest(self, tenant: str, scenario_id: str, after: int | None) -> int | None:
        """The number that must still be the latest, where the caller cares."""
        if after is None:
            return None
        return max(
            (v.version for v in self._store.scenario_versions(tenant, scenario_id)), default=0
        )

    def _as_it_ships(self, session: Played) -> Scenario | None:
        """The one that ships, if the session is or was played with just that."""
        if not self.book.has(session.scenario):
            return None
        shipped = self.book.get(session.scenario)
        same = (shipped.fingerprint, shipped.version) == (
            session.scenario_fingerprint,
            session.scenario_version,
        )
        return shipped if same else None

    def _present(self, tenant: str, scenario_id: str) -> Scenario | None:
        own = self._current(tenant).get(scenario_id)
        return own or (self.book.get(scenario_id) if self.book.has(scenario_id) else None)

    def _current(self, tenant: str) -> dict[str, Scenario]:
        change = self._store.last_change(tenant)
        with self._reading:
            known = self._own.get(tenant)
            if known is None or known[0] != change:
                # Read after the number: what comes in between is read again next time.
                before = known[1] if known else {}
                read = (
                    _unless_same(before.get(v.scenario), v)
                    for v in self._store.current_scenarios(tenant)
                )
                found = {scenario.id: scenario for scenario in read if scenario}
                known = self._own[tenant] = (change, found)
        return known[1]

    def _shipped(self, tenant: str, scenario_id: str) -> Scenario:
        if self.book.has(scenario_id):
            return self.book.get(scenario_id)
        known = ", ".join(scenario.id for scenario in self.all(tenant))
        raise NotFound(f"there is no scenario {scenario_id[:60]!r}; there are: {known}")

    def _version(self, tenant: str, scenario_id: str, version: int) -> Version:
        versions = self._store.scenario_versions(tenant, scenario_id)
        for one in versions:
            if one.version == version and one.source is not None:
                return one
        shipped = [self.book.get(scenario_id).version] if self.book.has(scenario_id) else []
        there = sorted({*shipped, *(v.version for v in versions if v.source is not None)})
        raise NotFound(
            f"scenario {scenario_id[:60]!r} has no version {version}; there are: "
            f"{', '.join(map(str, there)) or 'none'}"
        )


def _unless_same(known: Scenario | None, version: Version) -> Scenario | None:
    """None for what an older coach took and this one doesn't: the others are played on."""
    if known and known.version == version.version:
        return known
    try:
        return _of(version)
    except BadInput as error:
        log.warning("scenario %s is left out: %s", version.scenario, error.message)
        return None


def _fault(version: Version) -> str:
    try:
        _of(version)
    except BadInput as error:
        return error.message
    return ""


def _of(version: Version) -> Scenario:
    return _numbered(scenario_of(version.source or "", version.scenario), version.version)


def _numbered(scenario: Scenario, version: int) -> Scenario:
    """The number that was given to it, whatever its text says."""
    return scenario.model_copy(update={"version": version})
