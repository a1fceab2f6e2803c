"""What was written, and when: each change of a scenario is a version that stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Version:
    """``source`` is YAML as its author wrote it; None where the scenario was withdrawn."""

    scenario: str
    version: int
    source: str | None
    author: str
    at: datetime  # UTC


class ScenarioStore(Protocol):
    """A tenant's own scenarios, and what sessions were played with.

    Synchronous and thread-safe; each method is one transaction.
    """

    def last_change(self, tenant: str) -> int:
        """Another number after each change, whichever process made it; cheap to ask."""

    def current_scenarios(self, tenant: str) -> list[Version]:
        """The latest version of each, without those withdrawn."""

    def scenario_versions(self, tenant: str, scenario: str) -> list[Version]:
        """All of them, the latest first."""

    def add_scenario(self, tenant: str, new: Version, after: int | None) -> Version:
        """``new`` under the number after the latest, which must be ``after`` if given (Overtaken),
        and at least its own."""

    def keep_played(self, tenant: str, fingerprint: str, source: str) -> None:
        """Once is enough; the same fingerprint again changes nothing."""

    def played(self, tenant: str, fingerprint: str) -> str | None: ...
