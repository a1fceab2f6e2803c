"""What we say of ourselves that nothing backs. Pure.

A claim states a figure (in digits) or a comparison. It stands by itself where its item has a
source and is a fact, or an inference that shows its working, which anybody can redo. Otherwise
each of its figures must be found, about the same thing, in an item that stands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from knowledge.checking.finding import Code, Finding, Severity
from knowledge.checking.quantities import quantities
from knowledge.chunking import sentences
from knowledge.evidence import Evidence, Kind, Label
from knowledge.searching.lexical import content_words

LONGEST_QUOTE = 160  # characters
SAME_THING = 2  # words shared besides the figure, or all there are
_COMPARES = re.compile(
    r"\b(?:(?:more|less|fewer|better|faster|quicker|cheaper|safer|easier|simpler|higher|lower"
    r"|shorter|longer|stronger|larger|smaller)\b[^.]*?\bthan\b"
    r"|(?:is|are) (?:by far )?(?:the )?(?:(?:best|fastest|cheapest|safest|easiest)\b"
    r"|most (?:reliable|secure|used|trusted)\b|number one\b)"
    r"|unlike (?:any|other|all)\b|(?:nobody|no one|no other)\b)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")

Figure = tuple[str, float]
Words = frozenset[str]


@dataclass(frozen=True)
class _Claim:
    item: Evidence
    sentence: str
    figures: frozenset[Figure]
    words: Words


def unproven(items: Iterable[Evidence], today: date) -> Iterator[Finding]:
    """One finding for each item whose claims to customers aren't backed."""
    shown = [item for item in items if item.quotable_on(today)]
    claims = [claim for item in shown if not _stands(item) for claim in _claims(item)]
    if not claims:
        return
    backed_by = _carried(
        (item for item in shown if _stands(item)), {f for claim in claims for f in claim.figures}
    )
    lacking: dict[str, list[_Claim]] = {}
    for claim in claims:
        if not _is_backed(claim, backed_by):
            lacking.setdefault(claim.item.id, []).append(claim)
    for found in lacking.values():
        yield _finding(found, backed_by)


def _stands(item: Evidence) -> bool:
    """Whether somebody can look it up, or work it out."""
    is_worked_out = item.label is Label.INFERENCE and "=" in item.text
    return bool(item.source) and (item.label is Label.FACT or is_worked_out)


def _claims(item: Evidence) -> Iterator[_Claim]:
    for sentence in _own_sentences(item):
        figures = _figures(sentence)
        if figures or _COMPARES.search(sentence):
            yield _Claim(item, sentence, figures, _topic(sentence))


def _own_sentences(item: Evidence) -> list[str]:
    """What the item says of us."""
    if item.kind is Kind.PRODUCT_FACT:
        text = item.text
    elif item.kind is Kind.COMPETITIVE_FACT:
        text = item.us or ""
    else:
        return []
    return [" ".join(text[start:end].split()) for start, end in sentences(text)]


def _figures(sentence: str) -> frozenset[Figure]:
    if not _DIGIT.search(sentence):
        return frozenset()  # "two of us" is no figure that anybody would prove
    found = quantities(sentence)
    # Without a unit it is a version or a part of a name: ISO 27001.
    return frozenset((unit, value) for unit in found if unit for value in found[unit])


def _topic(sentence: str) -> Words:
    return frozenset(word for word in content_words(sentence) if not word[0].isdigit())


def _carried(items: Iterable[Evidence], wanted: set[Figure]) -> Mapping[Figure, list[Words]]:
    """The words around each wanted figure, wherever it stands."""
    found: defaultdict[Figure, list[Words]] = defaultdict(list)
    if not wanted:
        return found
    for item in items:
        for start, end in sentences(item.text):
            sentence = item.text[start:end]
            for figure in _figures(sentence) & wanted:
                found[figure].append(_topic(f"{item.title} {item.customer or ''} {sentence}"))
    return found


def _is_backed(claim: _Claim, carried: Mapping[Figure, list[Words]]) -> bool:
    """Each figure stands in a sound item about the same thing; a bare comparison never does."""
    return bool(claim.figures) and not _lacking(claim, carried)


def _lacking(claim: _Claim, carried: Mapping[Figure, list[Words]]) -> list[Figure]:
    return sorted(
        (unit, value)
        for unit, value in claim.figures
        if not any(
            len((claim.words - {unit}) & words) >= min(SAME_THING, len(claim.words - {unit}))
            for words in carried.get((unit, value), ())
        )
    )


def _finding(claims: list[_Claim], carried: Mapping[Figure, list[Words]]) -> Finding:
    claim = claims[0]
    item, figures = claim.item, _lacking(claim, carried)
    quote = claim.sentence
    if len(quote) > LONGEST_QUOTE:
        quote = quote[: LONGEST_QUOTE - 1].rstrip() + "…"
    why = "without a source" if not item.source else f"as an {item.label.value}"
    more = f" and {len(claims) - 1} more such sentences" if len(claims) > 1 else ""
    what = ", ".join(f"{value:g} {unit}".strip() for unit, value in figures)
    return Finding(
        Code.UNPROVEN,
        Severity.WARNING,
        f"{item.id} says “{quote}”{more} {why}, and no sound item carries "
        f"{what or 'this comparison'}: add a case study, testimonial or track record that does, "
        "name the source, or make it internal",
        (item.id,),
    )
