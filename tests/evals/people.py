"""What people said and how others labelled it, in two halves: looked at, and only measured.

Rules may be improved by what the first half shows, never by the second: `unseen` rows are read by
nobody, only counted. A half holds whole conversations, drawn by a hash of their name, so that no
speaker stands in both. None of these sentences may be copied into the project.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

DATA = Path(os.environ.get("COACH_EVAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
SEED = "perception-1"
HALVES = ("seen", "unseen")

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    """The rows of one file; the test is skipped where the data is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there: set COACH_EVAL_DATA to the folder that holds it")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def half_of(conversation: str) -> str:
    """The half that a whole conversation belongs to, the same on every machine."""
    return HALVES[sha256(f"{SEED}/{conversation}".encode()).digest()[0] % 2]


def in_halves(all_rows: list[Row], conversation: Callable[[Row], str]) -> dict[str, list[Row]]:
    """The rows of each half, in their order."""
    split: dict[str, list[Row]] = {half: [] for half in HALVES}
    for row in all_rows:
        split[half_of(conversation(row))].append(row)
    return split


def thinned(some: list[Row], part: float) -> list[Row]:
    """A share of the rows drawn with a seed, so that a run stays short."""
    return some if part >= 1 else Random(SEED).sample(some, round(part * len(some)))
