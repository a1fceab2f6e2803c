"""What a look at one part of the house found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    MISSING = "missing"  # the coach runs, but could do more
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """``todo`` is what to do, or empty."""

    name: str
    verdict: Verdict
    says: str
    todo: str = ""
