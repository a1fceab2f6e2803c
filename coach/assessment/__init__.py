"""Verdicts on a seller's reply: yes, no or not observable, each with the words it rests on.

The embedded judge reads the rubric's rules against what perception saw; a model may judge too, and
code checks its quotes. Nothing in this room steers the buyer.
"""

from __future__ import annotations

from coach.assessment.judge import assess
from coach.assessment.modelled import PROMPT, judged_by, orders_about
from coach.assessment.reply import Reply
from coach.assessment.tips import tip_for
from coach.assessment.verdict import Assessment, Check, Verdict, assessment_from

EMBEDDED = "embedded"

__all__ = [
    "EMBEDDED",
    "PROMPT",
    "Assessment",
    "Check",
    "Reply",
    "Verdict",
    "assess",
    "assessment_from",
    "judged_by",
    "orders_about",
    "tip_for",
]
