"""Who is spoken of, and who a customer is said to have come from or gone to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coach.claims.finding import Finding
from coach.claims.grounds import Fact, Facts
from coach.claims.ledger import ClaimStatus as S
from coach.claims.statement import Statement
from knowledge.evidence import Kind

STRONG = 0.7
_BY = r"[^,;.]{0,40}?"
#: Before the name of a supplier: that a customer has or had to do with it.
_WITH = re.compile(
    rf"\b(?:with|from|left|leav\w+|used|uses|using|against|dropped|replaced|quit){_BY}$", re.I
)
#: Before it: that a customer has gone over to it.
_TO = re.compile(
    r"\b(?:moved|switched|went|changed|migrated|came|returned|going)"
    r" (?:\w+ ){0,2}?(?:back )?to\s+$",
    re.I,
)
_CAME = re.compile(r"\b(?:moved|switched|came)\b", re.I)
_OF_OLD = re.compile(r"\b(?:carrier|supplier|provider|phone company|old system)\b", re.I)


def estranged(said: Statement, facts: Facts) -> Finding | None:
    """Contradicted where a customer is given another supplier, or another way, than its story."""
    if said.negative or len(said.names.customers) != 1 or len(said.names.competitors) != 1:
        return None
    (customer,), (competitor,) = said.names.customers, said.names.competitors
    story = [fact for item in facts.by_name.get(customer, []) for fact in facts.of(item)]
    before = said.text[: _place(said.text, competitor)]
    if _TO.search(before) and not said.us:
        return _against(filter(_comes_to_us, story), "It went the other way, to us.")
    known = facts.competitors_of(customer)
    if competitor in known or not _WITH.search(before):
        return None
    other = (f for f in story if (f.said.names.competitors if known else _OF_OLD.search(f.quote)))
    return _against(other, "Its story names another supplier.")


def same_subject(said: Statement, fact: Fact) -> bool:
    """False when the names rule out that both speak of the same."""
    named, there, item = said.names, fact.said.names, fact.evidence
    if named.unknown or fact.span is None:
        return False
    if named.customers and not named.customers & (there.customers | {item.customer}):
        return False
    if named.competitors:
        if not named.competitors & (there.competitors | {item.competitor}):
            return False
        return said.us or not there.vendor or bool(there.competitors)
    return said.others or not there.competitors or there.vendor or bool(there.customers)


def _against(story: Iterable[Fact], note: str) -> Finding | None:
    fact = next((fact for fact in story if fact.span), None)
    return Finding(S.CONTRADICTED, (fact,), note, STRONG) if fact else None


def _comes_to_us(fact: Fact) -> bool:
    told = fact.evidence.kind is Kind.CASE_STUDY and fact.said.names.vendor
    return told and bool(_CAME.search(fact.quote))


def _place(text: str, name: str) -> int:
    """Where a word of ``name`` stands in ``text``, or the end."""
    places = (text.casefold().find(word) for word in name.casefold().split())
    return next((place for place in places if place >= 0), len(text))
