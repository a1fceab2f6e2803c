"""Plans are no claims: what the seller means to do, and the numbers they will be judged by."""

from __future__ import annotations

import re

from coach.claims.figures import (
    CLOCK,
    COUNT,
    DATE,
    DURATION,
    PERCENT,
    RATIO,
    TIMES,
    Figure,
    figures,
)
from coach.claims.patterns import either, opening
from coach.claims.statement import Statement
from coach.claims.wording import Reach

SHORT = 6  # words of what may be an item of a list by itself
FEW = 100  # from so many on, somebody must have counted
MOST_PLANNED = 1_000  # of anything that is counted; more is told of a market, not of a plan

#: What is meant to be: what should be, has to be or would come of it, and what "we" do next.
_MEANT = re.compile(
    r"\b(?:should|ought to|(?:has|have|need|needs) to|['’]d (?:have|need) to)\b"
    r"|\bwould(?:n['’]t)?\b|\b(?:that|this|it|you|they)['’]d (?:be|come to|leave|get|see|have)\b"
    r"|\bwe (?:(?:then|also|just|only|all) )?(?:stop|decide|begin|start|compare|end it"
    r"|call it off|pause|carry on|go on|go|come back|talk to|write down|agree|meet|score|rank"
    r"|weigh|visit|need)\b|\b(?:i|we)(?:['’]ve| have) (?:planned|budgeted|set aside|allowed)\b",
    re.IGNORECASE,
)
#: What the other side has to do by our terms.
_TERMS = opening(r"you(?:['’]d| would)? (?:need|have) to\b")
_UNSURE = either("will", "would", "could", "should", "might", "may", r"\w+['’](?:ll|d)")
_OF_A_PLAN = opening(
    r"(?:the|my|our|this|that|one|another|a|there (?:is|are)(?: \w+)?) (?:[\w-]+ ){0,2}?(?:plan"
    r"|proposal|goals?|aim|targets?|idea|criteri(?:on|a)|weights?|scores?|ranking|risks?|worry"
    r"|weak (?:point|spot)|assumptions?|estimates?|stages?|steps?|phases?|measures)\b",
    r"(?:step|stage|phase) (?:one|two|three|four|[0-9])\b",
    r"(?:in the )?(?:short|long)(?:[- ]term| run)\b",
)
#: Places and points in a ranking of the speaker's own.
_SCORES = re.compile(
    r"\b(?:gets?|scores?|rates?|come(?:s)? out at) (?:[0-9]|an? [0-9])"
    r"|\b(?:moves?|goes|comes?|ranks?|falls?|drops?|stays?) (?:(?:from|to|up|down|in|on|out) )*"
    r"(?:first|second|third|fourth|fifth|last|top)\b",
    re.IGNORECASE,
)
#: Verbs that can't be taken for the plural of a noun: without one, words and figures are a list.
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do(?:es)?|did|will|can(?:not)?|won|got|came|went|made|took"
    r"|kept|cut|fell|grew|rose|shrank|left|said|sold|paid|lost|ran|held|sent|met|bought|began|chose|gave"
    r"|uses?|gets?|takes|works|costs|goes|buys|pays|keeps|lasts|allows|brings|comes|[a-z]{3,}ed|than|ago)\b"
    r"|['’](?:s|re|ve|ll|d)\b|n['’]t\b",
    re.IGNORECASE,
)
#: What has happened can be looked up.
_HAPPENED = re.compile(
    r"\b(?:in|since|during) (?:19|20)\d\d\b|\blast (?:year|quarter|month|spring|summer)\b"
    r"|\b(?:has|have|had) been\b|\b(?:has|have|['’]ve) (?:already |all )?\w+ed\b"
    r"|(?<!\bbe )\b(?:grew|rose|fell|paid|won|lost|spent|bought|became|turned into|renewed|came"
    r"|named)\b",
    re.IGNORECASE,
)
_INTENT = re.compile(
    r"\b(?:would|could|should|might|may|will|shall|let|if|unless|until|propose|suggest|commit"
    r"|weights?|points?|scores?|counts? for|goals?|targets?|thresholds?|trial|test|of (?:my|our|the"
    r"|their) (?:time|days?)|(?:one|two|three|four) days? (?:in|of|out of) five)\b|['’](?:d|ll)\b",
    re.IGNORECASE,
)
_FORECAST = either(r"(?:of|share of) the market", "market share", r"grow(?:s|th)?", "revenue of")


def intends(clause: Statement, core: str, supposed: bool) -> bool:
    """True for what somebody means to do, supposes or scores, in any talk. ``core`` is the clause
    without its condition; ``supposed`` says that it had one."""
    if clause.names.customers or clause.names.competitors:
        return False
    if _TERMS.match(core):
        return False
    if supposed and not clause.us and not figures(core) and _UNSURE.search(core):
        return True
    return _meant(clause, core)


def _meant(clause: Statement, core: str) -> bool:
    """Of what is neither supposed nor one of our terms."""
    if any(figure.unit in {PERCENT, RATIO, TIMES} for figure in clause.figures):
        return False
    counted = max((f.value for f in clause.figures if f.unit == COUNT), default=0.0)
    if counted <= MOST_PLANNED and (_MEANT.search(core) or _OF_A_PLAN.match(core)):
        return True
    if clause.us or counted > FEW:
        return False
    return _lists(clause, core) or bool(_SCORES.search(core))


def _lists(clause: Statement, core: str) -> bool:
    """True for figures without a verb: "one workshop, 20 people, no slides"."""
    plain = all(figure.unit in {DATE, DURATION, CLOCK, COUNT} for figure in clause.figures)
    in_a_row = "," in core or len(core.split()) <= SHORT
    return bool(clause.figures) and plain and in_a_row and not _FINITE.search(core)


def argues(clause: Statement) -> bool:
    """True for what is proposed, weighed or argued in a talk about a plan; what must have a source
    there are names, superlatives, what has happened, and figures that somebody must have
    counted."""
    named = clause.names.unknown or clause.names.customers or clause.names.competitors
    intent = bool(_INTENT.search(clause.text))
    if named or (Reach.BEST in clause.reaches and not intent):
        return False
    if any(map(_counted, clause.figures)):
        return intent and not _FORECAST.search(clause.text)
    return intent or not _HAPPENED.search(clause.text)


def _counted(figure: Figure) -> bool:
    if figure.unit in {DATE, DURATION, CLOCK, TIMES}:
        return False
    return figure.unit != COUNT or figure.value >= FEW
