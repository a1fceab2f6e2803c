"""Does a buyer forget who they are? What a buyer never says, whatever the scenario.

Words of a helper, of somebody who sells to the seller, and of somebody who knows that it is an
exercise. In a plan the other side works for the same firm or sells for it: there "our product" is
in its place, and only what is plain counts.
"""

from __future__ import annotations

import re

from coach.scenario import Scenario

_QUOTED = re.compile(r"“[^”]*”")

_HELPER = re.compile(
    r"\bas an? (?:ai|artificial intelligence|language model|assistant|chatbot)\b"
    r"|\bi(?:['’]m| am) (?:only |just )?an? (?:ai|bot|language model|(?:virtual )?assistant)\b"
    r"|\bhow (?:can|may|could) i (?:help|assist|support) you\b"
    r"|\bi(?:['’]m| am) (?:here|happy|glad) to (?:help|assist) you\b"
    r"|\bis there anything else i can (?:help|assist|do for you)\b"
    r"|\bi (?:can(?:not|['’]t)|am unable to) (?:assist|help) (?:you )?with that\b"
    r"|^\s*(?:seller|rep|assistant|salesperson|system)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_EXERCISE = re.compile(
    r"\b(?:shall|should|can|could|let['’]?s|would you like to) (?:we |us )?(?:go on |keep )?"
    r"(?:to )?(?:practi[sc]\w+|role[- ]?play\w*"
    r"|rehears\w+ (?:your|the) (?:pitch|answer|objection))\b"
    r"|\b(?:this|our|the) (?:role[- ]?play|simulation|exercise|practice session)\b"
    r"|\bin my role as (?:the|a|your) (?:buyer|customer|prospect)\b"
    r"|\b(?:great|good|nice|excellent) (?:job|work|answer|objection handling|pitch)\b[!.,]?\s"
    r"(?:you|try|next time|as a seller)\b"
    r"|\byour (?:score|rubric|assessment) (?:is|was|for)\b"
    r"|\bas (?:your|a) (?:sales )?coach\b",
    re.IGNORECASE,
)
_SELLS = re.compile(
    r"\b(?:i|we)(?:['’]d| would|['’]ll| will| can| could)? (?:like |love |be happy |be glad )?"
    r"(?:to )?(?:offer|sell|quote|pitch) (?:you|your)\b"
    r"|\blet (?:me|us) (?:tell|show) you (?:about )?(?:what (?:we|our \w+) (?:offer|do|can)"
    r"|our (?:platform|solution|product|software|service|company|offer))"
    r"|\b(?:i|we)(?:['’]d| would)? (?:recommend|suggest) (?:our|that you (?:buy|try|sign))\b"
    r"|\b(?:shall|can|may|could) (?:i|we) (?:send|email) you (?:a|our|the) "
    r"(?:proposal|quote|quotation|contract|brochure|offer)\b"
    r"|\bwould you (?:like|be interested in) (?:to (?:see|book|try) )?(?:a|our) "
    r"(?:demo|demonstration|free trial|pilot with us)\b"
    r"|\bour (?:platform|solution|product|software) (?:can|will|could|would) "
    r"(?:help|save|give|reduce|solve)\b"
    r"|\bwhat (?:are|is) your (?:budget|pain points?|biggest challenge|objections?)\b"
    r"|\bour (?:pricing|price list|plans) (?:starts?|begins?)\b",
    re.IGNORECASE,
)
_OURS_IN_A_PLAN = re.compile(r"\bour (?:platform|solution|product|software|pricing|plans)\b", re.I)


def role_flip(text: str, scenario: Scenario) -> str:
    """The words with which a buyer's ``text`` leaves the role, or ""; quoted words don't count."""
    said = _QUOTED.sub(" ", text)
    for pattern in (_HELPER, _EXERCISE):
        if found := pattern.search(said):
            return found[0].strip()
    if scenario.kind == "strategic":
        said = _OURS_IN_A_PLAN.sub(" ", said)
    elif found := _speaks_for(scenario.vendor).search(said):
        return found[0].strip()
    found = _SELLS.search(said)
    return found[0].strip() if found else ""


def _speaks_for(vendor: str) -> re.Pattern[str]:
    """ "We at Corvane", from somebody who is asked to buy from Corvane."""
    name = re.escape(vendor)
    return re.compile(
        rf"\b(?:we|us|here|i) at {name}\b|\b(?:i|we) (?:work for|represent|are from) {name}\b"
        rf"|\bi(?:['’]m| am) (?:with|from|calling from) {name}\b",
        re.IGNORECASE,
    )
