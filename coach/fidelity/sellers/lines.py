"""What the scripted sellers say: one file per scenario, written as different people would write.

Figures and customers stand in ``knowledge/sample``, except in a liar's mouth; ``anywhere.yaml``
holds what the hopeless say in any scenario.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from coach.scenario_book import read_yaml

FOLDER = Path(__file__).parent
ANYWHERE = "anywhere"
_LIES = ("about", "denial")  # that a scenario has of its own


@cache
def lines() -> dict[str, Any]:
    """All that the sellers say; what they say in one scenario only is keyed by its id."""
    files = {path.stem: read_yaml(path) for path in sorted(FOLDER.glob("*.yaml"))}
    said: dict[str, Any] = files.pop(ANYWHERE)
    said["strong"] = {scenario: own["strong"] for scenario, own in files.items()}
    for part in _LIES:
        told = {scenario: own.get("liar", {}).get(part) for scenario, own in files.items()}
        said["liar"][part] = {scenario: lies for scenario, lies in told.items() if lies}
    return said


def sayable(scenario_id: str) -> Iterator[str]:
    """Every line that some seller may say in a scenario."""
    said = lines()
    own = (
        said["strong"][scenario_id],
        *(said["liar"][part].get(scenario_id, ()) for part in _LIES),
    )
    shared = (said[kind] for kind in said if kind not in ("strong", "liar"))
    everywhere = (said["liar"][part] for part in ("contradicted", "invented"))
    for part in (*own, *shared, *everywhere):
        yield from _flat(part)


def _flat(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    else:
        for part in said.values() if isinstance(said, dict) else said:
            yield from _flat(part)
