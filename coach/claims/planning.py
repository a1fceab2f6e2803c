"""Plans are no claims: what the seller means to do, and the numbers they will be judged by."""

from __future__ import annotations

import re

from coach.claims.figures import CLOCK, COUNT, DATE, DURATION, TIMES, Figure
from coach.claims.patterns import either
from coach.claims.statement import Statement
from coach.claims.wording import Reach

FEW = 100  # from so many on, somebody must have counted

#: What has happened can be looked up.
_HAPPENED = re.compile(
    r"\b(?:in|since|during) (?:19|20)\d\d\b|\blast (?:year|quarter|month|spring|summer)\b"
    r"|\b(?:has|have|had) been\b|\b(?:has|have|['’]ve) (?:already |all )?\w+ed\b"
    r"|\b(?:grew|rose|fell|paid|won|lost|spent|bought|became|turned into|renewed|came|named)\b",
    re.IGNORECASE,
)
_INTENT = re.compile(
    r"\b(?:would|could|should|might|may|will|shall|let|if|unless|until|propose|suggest|commit"
    r"|weights?|points?|scores?|counts? for|goals?|targets?|thresholds?|trial|test|of (?:my|our|the"
    r"|their) (?:time|days?))\b|['’](?:d|ll)\b",
    re.IGNORECASE,
)
_FORECAST = either(r"(?:of|share of) the market", "market share", r"grow(?:s|th)?", "revenue of")


def plans(clause: Statement) -> bool:
    """True for what is proposed, weighed or argued; what must have a source in a plan are names,
    superlatives, what has happened, and figures that somebody must have counted."""
    named = clause.names.unknown or clause.names.customers or clause.names.competitors
    if named or Reach.BEST in clause.reaches:
        return False
    if any(map(_counted, clause.figures)):
        return bool(_INTENT.search(clause.text)) and not _FORECAST.search(clause.text)
    return bool(_INTENT.search(clause.text)) or not _HAPPENED.search(clause.text)


def _counted(figure: Figure) -> bool:
    if figure.unit in {DATE, DURATION, CLOCK, TIMES}:
        return False
    return figure.unit != COUNT or figure.value >= FEW
