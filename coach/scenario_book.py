"""The scenarios and shared lines that ship, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from coach.authoring.reading import scenario_of
from coach.authoring.writing import as_yaml
from coach.authoring.yaml_text import FastLoader
from coach.errors import NotFound
from coach.scenario import Act, LinesByAttitude, Scenario

SCENARIOS = Path(__file__).parent / "scenarios"
SHARED_LINES = Path(__file__).parent / "lines"


def read_yaml(path: Path) -> Any:
    """A YAML file that ships with the coach."""
    return yaml.load(path.read_text(encoding="utf-8"), FastLoader)  # noqa: S506  # it is a safe one


class ScenarioBook:
    """All scenarios by id, in the order of the guide."""

    def __init__(self, scenarios: list[Scenario], files: Mapping[str, Path] | None = None) -> None:
        self._by_id = {scenario.id: scenario for scenario in scenarios}
        self._files = files or {}

    def all(self, kind: str | None = None) -> list[Scenario]:
        return [s for s in self._by_id.values() if kind is None or s.kind == kind]

    def get(self, scenario_id: str) -> Scenario:
        try:
            return self._by_id[scenario_id]
        except KeyError:
            known = ", ".join(self._by_id)
            raise NotFound(
                f"there is no scenario {scenario_id[:60]!r}; there are: {known}"
            ) from None

    def has(self, scenario_id: str) -> bool:
        return scenario_id in self._by_id

    def source(self, scenario_id: str) -> str:
        """As YAML, with the comments of its file if it came from one."""
        file = self._files.get(scenario_id)
        return file.read_text(encoding="utf-8") if file else as_yaml(self.get(scenario_id))


#: The order of the guide.
GUIDE_ORDER = (
    "interest",
    "misunderstood-value",
    "incumbent-competitor",
    "superior-competitor",
    "trust-unknown",
    "trust-false-rumour",
    "trust-true-rumour",
    "target-sectors",
    "end-users",
    "distribution",
    "prioritisation",
    "support-needs",
    "international",
    "market-entry",
)


@cache
def load_scenarios(folder: Path = SCENARIOS) -> ScenarioBook:
    """Every ``*.yaml`` of ``folder``; raises BadInput for a file that isn't a valid scenario."""
    found, files = [], {}
    for path in sorted(folder.glob("*.yaml")):
        scenario = scenario_of(path.read_text(encoding="utf-8"), path.name)
        found.append(scenario)
        files[scenario.id] = path
    place = {scenario_id: i for i, scenario_id in enumerate(GUIDE_ORDER)}
    return ScenarioBook(sorted(found, key=lambda s: (place.get(s.id, len(place)), s.id)), files)


@cache
def shared_lines(kind: str, folder: Path = SHARED_LINES) -> dict[Act, LinesByAttitude]:
    """The lines that every scenario of ``kind`` can use, by act."""
    any_kind, own = (read_yaml(folder / f"{name}.yaml") for name in ("any", kind))
    acts = [*any_kind, *(act for act in own if act not in any_kind)]
    return {Act(act): _joined(any_kind.get(act, {}), own.get(act, {})) for act in acts}


def _joined(
    first: Mapping[str, Sequence[str]], second: Mapping[str, Sequence[str]]
) -> LinesByAttitude:
    moods = LinesByAttitude.model_fields
    return LinesByAttitude.model_validate(
        {mood: [*first.get(mood, ()), *second.get(mood, ())] for mood in moods}
    )
