"""What the scripted sellers say: one file per scenario, written as different people would write.

Figures and customers stand in ``knowledge/sample``, except in a liar's mouth; ``anywhere.yaml``
holds what the hopeless say in any scenario.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from coach.scenario_book import read_yaml

FOLDER = Path(__file__).parent
ANYWHERE = "anywhere"


@cache
def lines() -> dict[str, Any]:
    """All that the sellers say; what they say in one scenario only is keyed by its id."""
    files = {path.stem: read_yaml(path) for path in sorted(FOLDER.glob("*.yaml"))}
    said: dict[str, Any] = files.pop(ANYWHERE)
    said["strong"] = {scenario: own["strong"] for scenario, own in files.items()}
    for part in ("about", "denial"):
        told = {scenario: own.get("liar", {}).get(part) for scenario, own in files.items()}
        said["liar"][part] = {scenario: lies for scenario, lies in told.items() if lies}
    return said
