"""A gap in words, and what to write against it. Pure."""

from __future__ import annotations

from coach.gaps import Example, Gap, Met
from coach.scenario import Concern
from coach.suggestion import Lack
from coach.suggestion.objections import wordings
from knowledge.evidence import Kind

_CALLED = {
    "interest": "A first interest",
    "misunderstood_value": "Doubt about the value",
    "price": "A price that is too high",
    "timing": "The wrong moment",
    "authority": "Somebody else decides",
    "need": "No need",
    "incumbent_competitor": "Loyalty to the present supplier",
    "superior_competitor": "A competitor seen as better",
    "trust_unknown": "Doubt about a company nobody knows",
    "trust_false_rumour": "A false rumour",
    "trust_true_rumour": "A true rumour",
    "trust_after_rumour": "Doubt that a rumour left behind",
    "trust_unknown_rumour": "A rumour that nobody can judge",
}
_MET = {Met.LIVE: "a customer said", Met.PRACTICE: "a practice buyer said"}


def told(gap: Gap, concern: Concern | None) -> str:
    """What is lacking, in one sentence."""
    objection = _CALLED.get(gap.objection, gap.objection.replace("_", " ").capitalize())
    about = f" ({concern.short})" if concern else ""
    match gap.lack:
        case Lack.PROOF:
            return f"{objection}{about}: nothing quotable answers it"
        case Lack.COMPARISON:
            return f"{objection}{about}: no quotable fact about {gap.competitor}"
        case Lack.REFERENCE:
            return f"{objection}{about}: no reference from the sector {gap.sector}"


def kind_wanted(gap: Gap) -> Kind:
    """The kind of evidence that would close the gap best."""
    if gap.lack is Lack.COMPARISON:
        return Kind.COMPETITIVE_FACT
    if gap.lack is Lack.REFERENCE:
        return Kind.CASE_STUDY
    kinds = wordings()[gap.objection].kinds if gap.objection in wordings() else ()
    return next((kind for kind in kinds if kind is not Kind.RUMOUR), Kind.PRODUCT_FACT)


def words_of(example: Example) -> str:
    return f"{_MET[example.met]}: “{example.words}”"
