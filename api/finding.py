"""What a look at one part of the house found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coach.settings import Settings


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


def as_record(settings: Settings, findings: list[Finding]) -> dict[str, Any]:
    """JSON-ready; keys and passwords are never in it."""
    return {
        "ok": all(f.verdict is not Verdict.BROKEN for f in findings),
        "home": str(settings.home),
        "checks": [
            {"name": f.name, "verdict": f.verdict.value, "says": f.says, "todo": f.todo}
            for f in findings
        ],
    }
