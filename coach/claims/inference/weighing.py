"""The finding of the rules beside what the nets read: which of them holds."""

from __future__ import annotations

from datetime import date

from coach.claims.agreement import compare
from coach.claims.figures import CLOCK
from coach.claims.finding import Finding
from coach.claims.grounds import Fact
from coach.claims.inference.reading import BACKED, Reading
from coach.claims.ledger import ClaimStatus as S
from coach.claims.opposition import of_one
from coach.claims.statement import Statement
from coach.claims.verdict import quotable
from coach.claims.wording import FUTURE, POSSIBLE

#: How likely a reading must be to hold against the rules: less where it only takes a verdict back.
#: What they found to be untrue is never read as backed, and the other way round only by far. What
#: may be mere talk needs more, and so does refuting what they found no source for.
ENOUGH, TO_REFUTE, TO_TAKE_BACK, OF_TALK, BY_FAR, NEVER = 0.53, 0.58, 0.5, 0.8, 0.7, 2.0
_NOTES = {
    S.SUPPORTED: "Backed by the evidence.",
    S.CONTRADICTED: "The evidence says otherwise.",
    S.OVERSTATED: "The evidence does not go so far.",
}
_AGAINST = frozenset({S.CONTRADICTED, S.OVERSTATED})


def weighed(said: Statement, found: Finding, reading: Reading, day: date, *, sure: bool) -> Finding:
    """``found``, or what was read instead, with the fact that speaks most for it. ``sure`` says
    that the statement is a claim, and not only may be one."""
    status = reading.status
    doubted = not sure and reading.shares[status] < OF_TALK
    if doubted or _stays(said, found, reading):
        return found
    if status is S.UNSUPPORTED:
        return Finding(status, (), "No source says this.", found.strength)
    fact = reading.facts[status]
    if fact.span is None or (status is S.SUPPORTED and not _has_figures(said, fact)):
        return found
    return quotable(Finding(status, (fact,), _NOTES[status], reading.shares[status]), day)


def _stays(said: Statement, found: Finding, reading: Reading) -> bool:
    read, share = reading.status, reading.shares[reading.status]
    if found.status is read or share < _needed(found.status, read):
        return True
    if found.status is S.CONTRADICTED:  # by a figure it may speak of something else, and else not
        return bool(said.figures) is not (read is S.UNSUPPORTED)
    if read is not S.CONTRADICTED:
        return False
    if found.status is S.OVERSTATED and POSSIBLE.search(reading.facts[read].said.text):
        return True  # what may happen, or happens to some, doesn't refute "never": it limits it
    # Figures are for the rules, what is to come can't be refuted, nor all by the story of one.
    to_come = FUTURE.search(said.text)
    return bool(said.figures or to_come) or of_one(said, reading.facts[read])


def _needed(found: S, read: S) -> float:
    """The share from which a reading holds against the rules."""
    if found in BACKED and read is S.CONTRADICTED:
        return BY_FAR
    if (found in BACKED and read is not S.OVERSTATED) or (found in _AGAINST and read in BACKED):
        return NEVER
    if read is S.CONTRADICTED and found is S.UNSUPPORTED:
        return TO_REFUTE
    return TO_TAKE_BACK if found in _AGAINST and read is S.UNSUPPORTED else ENOUGH


def _has_figures(said: Statement, fact: Fact) -> bool:
    wanted = (figure for figure in said.figures if figure.unit != CLOCK)
    return all(any(compare(f, other).found for other in fact.said.figures) for f in wanted)
