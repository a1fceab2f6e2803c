"""What a check of the knowledge base says about it: one shape for every kind of finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """In falling weight."""

    ERROR = "error"  # must not stay
    WARNING = "warning"  # weakens what the coach can say
    INFO = "info"


class Code(StrEnum):
    STALE = "stale"
    SOON_STALE = "soon_stale"
    MISSING_SOURCE = "missing_source"
    MISSING_OWNER = "missing_owner"
    MISSING_DATE = "missing_as_of"
    FUTURE_DATE = "as_of_in_future"
    ENDS_BEFORE_START = "valid_until_before_as_of"
    NO_POSITION = "rumour_without_position"
    CONTRADICTION = "contradiction"
    UNPROVEN = "claim_without_evidence"
    NEAR_DUPLICATE = "near_duplicate"
    NO_CASE_STUDY = "no_case_study"
    NO_COMPARISON = "no_competitive_fact"
    EMPTY_KIND = "empty_kind"
    SCENARIO = "scenario_without_evidence"
    RUMOUR = "scenario_without_rumour"


@dataclass(frozen=True)
class Finding:
    """``message`` says what is wrong and, where it isn't plain, what to do.

    ``evidence_ids`` are the items concerned; empty where something is absent altogether.
    """

    code: Code
    severity: Severity
    message: str
    evidence_ids: tuple[str, ...] = ()
