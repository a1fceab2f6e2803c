"""The entries of the claim ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ClaimStatus(StrEnum):
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    OVERSTATED = "overstated"
    UNSUPPORTED = "unsupported"
    STALE = "stale"
    NOT_A_CLAIM = "not_a_claim"
    UNCHECKED = "unchecked"  # the check itself failed: neither for nor against the seller


#: Of which nothing is held against the seller, nor for them.
NO_VERDICT = frozenset({ClaimStatus.NOT_A_CLAIM, ClaimStatus.UNCHECKED})


@dataclass(frozen=True)
class Citation:
    """Words of an item of evidence: ``quote == evidence.text[span[0]:span[1]]``."""

    id: str
    quote: str
    span: tuple[int, int]


@dataclass(frozen=True)
class Claim:
    """One sentence of the seller, ``text == message[span[0]:span[1]]``, and what proves or
    refutes it. ``note`` is one sentence for the rep; ``source`` the id of the evidence that the
    sentence names as a source, by its title or by where it was published."""

    text: str
    span: tuple[int, int]
    status: ClaimStatus
    evidence: tuple[Citation, ...] = ()
    note: str = ""
    source: str = ""

    @staticmethod
    def from_record(raw: Mapping[str, Any]) -> Claim:
        return Claim(
            text=raw["text"],
            span=(raw["span"][0], raw["span"][1]),
            status=ClaimStatus(raw["status"]),
            evidence=tuple(
                Citation(e["id"], e["quote"], (e["span"][0], e["span"][1])) for e in raw["evidence"]
            ),
            note=raw["note"],
            source=raw.get("source", ""),
        )
