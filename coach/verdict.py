"""One statement against its grounds: what status it has, and which facts say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from coach.comparison import compared
from coach.figures import Figure, Match, compare
from coach.finding import Finding
from coach.grounds import Fact, Ground
from coach.ledger import ClaimStatus as S
from coach.statement import Reach, Statement, stems
from knowledge.evidence import Evidence, Kind, Truth, Visibility

# How near a fact must be: to have its figures compared, to back words without figures, to
# refute, and merely to be about the same.
WITH_FIGURES, WITHOUT_FIGURES, REFUTES, SAME_TOPIC = 0.42, 0.58, 0.52, 0.45
MOST_CITED = 3

_IN_DOUBT = re.compile(
    r"\b(?:don['’]?t|do not|can['’]?t|cannot|can not|neither|not) (?:yet )?(?:know|say|confirm|rule)|under review|still open|being reviewed|no finding|not (?:yet )?(?:sure|clear|certain|confirmed)|unclear|open question\b",
    re.IGNORECASE,
)
_ALL_CUSTOMERS = re.compile(
    r"\b(?:our|most|other|typical|corporate|average|the|many|all|every|each|any) (?:\w+ )?(?:customers?|clients?|companies|users|businesses|hospitals|clinics|hotels|retailers|banks|shops|councils|insurers|manufacturers|forwarders)\b|^\W*(?:customers|clients|companies|users|businesses|hospitals|hotels|retailers|you)\b",
    re.IGNORECASE,
)
_ONE_CUSTOMER = re.compile(
    r"\b(?:one|another|a|an) (?:of our |\w+ )*?(?:customer|client|company|clinic|hotel|retailer|bank|council|insurer|manufacturer|forwarder|hospital|group|municipality|borough|foundry)s?\b",
    re.IGNORECASE,
)


def judge(
    said: Statement, grounds: Sequence[Ground], facts_of_rivals: Sequence[Fact], day: date
) -> Finding:
    """The status of one clause."""
    found = compared(said, grounds, facts_of_rivals)
    if found is None:
        readings = [_held_against(said, group) for group in _by_item(grounds)]
        found = _strongest([reading for reading in readings if reading])
    if found is None:
        found = _overdrawn(said, grounds) or _nothing(said)
    return _quotable(found, day)


def _held_against(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """What one item says to the statement, or None when it has nothing to say."""
    fitting = [g for g in grounds if _same_subject(said, g.fact)]
    if not fitting:
        return None
    best = fitting[0]
    item = best.fact.evidence
    if item.kind is Kind.RUMOUR:
        found = _rumoured(said, best, item)
        if found:
            return found
    measured = [f for f in said.figures if f.unit != "clock"]
    if measured:
        return _figures_held_against(said, measured, fitting)
    if best.score >= REFUTES and _disagree(said, best.fact):
        return Finding(S.CONTRADICTED, (best.fact,), "The evidence says the opposite.", best.score)
    if best.score >= WITHOUT_FIGURES:
        return _limited(said, [best.fact], best.score)
    return None


def _figures_held_against(
    said: Statement, measured: Sequence[Figure], grounds: Sequence[Ground]
) -> Finding | None:
    near = [g for g in grounds if g.score >= WITH_FIGURES]
    matches = [_best_match(figure, near) for figure in measured]
    if not near:
        return None
    cited = list(
        dict.fromkeys(g.fact for match, g in matches if g and match in {Match.SAME, Match.INFLATED})
    )
    strength = near[0].score + 0.1 * len(cited)
    if all(match in {Match.SAME, Match.INFLATED} for match, _ in matches):
        if _turned_round(said, cited) or _plainly_disagree(said, cited):
            return Finding(
                S.CONTRADICTED, tuple(cited), "The evidence says the opposite.", strength + 0.2
            )
        if any(match is Match.INFLATED for match, _ in matches):
            return Finding(
                S.OVERSTATED,
                tuple(cited),
                "The evidence limits this figure; say so too.",
                strength + 0.3,
            )
        return _limited(said, cited, strength + 0.3)
    return _wrong_figure(matches, cited, near)


def _wrong_figure(
    matches: Sequence[tuple[Match, Ground | None]], cited: Sequence[Fact], near: Sequence[Ground]
) -> Finding | None:
    wrong = [(match, g) for match, g in matches if match in {Match.NEAR, Match.OTHER} and g]
    missing = sum(match is Match.APART for match, _ in matches)
    strong = [(m, g) for m, g in wrong if g.score >= REFUTES or (cited and g.fact in cited)]
    if not strong:
        return None
    facts = tuple(dict.fromkeys(g.fact for _, g in strong))
    strength = max(g.score for _, g in strong) + 0.1 * bool(cited)
    if all(match is Match.NEAR for match, _ in strong) and not missing:
        return Finding(S.OVERSTATED, facts, "The evidence has a smaller figure.", strength)
    return Finding(S.CONTRADICTED, facts, "The evidence has another figure.", strength)


def _best_match(figure: Figure, grounds: Sequence[Ground]) -> tuple[Match, Ground | None]:
    order = [Match.SAME, Match.INFLATED, Match.NEAR, Match.OTHER]
    options = [
        (order.index(match), -g.score, match, g)
        for g in grounds
        for there in g.fact.said.figures
        if (match := compare(figure, there)) is not Match.APART
    ]
    if not options:
        return Match.APART, None
    if options and min(options, key=lambda o: o[:2])[0] > 1:  # not there: what stands nearest
        options.sort(key=lambda o: (o[1], o[0]))
        return options[0][2], options[0][3]
    best = min(options, key=lambda o: o[:2])
    return best[2], best[3]


def _limited(said: Statement, facts: Sequence[Fact], strength: float) -> Finding:
    """Supported, unless the words reach further than those of the facts."""
    reach = _reaches_further(said, facts)
    if reach:
        return Finding(
            S.OVERSTATED, tuple(facts), f"The evidence does not say “{reach}”.", strength
        )
    if _general(said, facts):
        return Finding(
            S.OVERSTATED, tuple(facts), "This is the result of one customer, not of all.", strength
        )
    if any(_listed(said, fact.evidence) for fact in facts):
        return Finding(
            S.OVERSTATED,
            tuple(facts),
            "This goes further than the evidence; quote it instead.",
            strength,
        )
    return Finding(S.SUPPORTED, tuple(facts), "Backed by the evidence.", strength)


def _overdrawn(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """An absolute claim on a topic that the evidence does treat."""
    for ground in grounds:
        if ground.score >= SAME_TOPIC and _same_subject(said, ground.fact) and not said.figures:
            reach = _reaches_further(said, [ground.fact])
            if reach or _listed(said, ground.fact.evidence):
                note = (
                    f"The evidence does not say “{reach}”."
                    if reach
                    else "This goes further than the evidence."
                )
                return Finding(S.OVERSTATED, (ground.fact,), note, ground.score)
    return None


def _nothing(said: Statement) -> Finding:
    if said.names.unknown:
        return Finding(
            S.UNSUPPORTED, (), f"No source mentions {sorted(said.names.unknown)[0][:60]}.", 0.0
        )
    if said.figures:
        return Finding(S.UNSUPPORTED, (), "No source has this figure.", 0.0)
    return Finding(S.UNSUPPORTED, (), "No source says this.", 0.0)


def _quotable(found: Finding, day: date) -> Finding:
    """The finding as the rep may see it: stale marked, internal items never quoted."""
    items = [fact.evidence for fact in found.facts]
    if any(item.visibility is Visibility.INTERNAL for item in items):
        if found.status is S.SUPPORTED:
            return Finding(
                S.UNSUPPORTED,
                (),
                "Only internal material speaks of this; do not tell a customer.",
                found.strength,
            )
        return replace(found, facts=(), note="Internal material speaks against this; leave it out.")
    if found.status is S.SUPPORTED and items and any(item.stale_on(day) for item in items):
        until = max(item.valid_until for item in items if item.valid_until)
        return replace(
            found,
            status=S.STALE,
            note=f"This evidence was valid until {until.isoformat()}; find a newer source.",
        )
    return replace(found, facts=found.facts[:MOST_CITED])


def _by_item(grounds: Sequence[Ground]) -> Iterable[list[Ground]]:
    groups: dict[str, list[Ground]] = {}
    for ground in grounds:
        groups.setdefault(ground.fact.evidence.id, []).append(ground)
    return groups.values()


_ORDER = {S.SUPPORTED: 0.06, S.OVERSTATED: 0.03, S.CONTRADICTED: 0.0, S.UNSUPPORTED: 0.0}


def _strongest(found: Sequence[Finding]) -> Finding | None:
    return max(
        found, key=lambda finding: finding.strength + _ORDER.get(finding.status, 0), default=None
    )


def _same_subject(said: Statement, fact: Fact) -> bool:
    named, there = said.names, fact.said.names
    item = fact.evidence
    if named.unknown:
        return False
    if named.customers and not named.customers & (there.customers | {item.customer or ""}):
        return False
    if named.competitors:
        if not named.competitors & (there.competitors | {item.competitor or ""}):
            return False
        return said.us or not (there.vendor and not there.competitors)
    only_rival = bool(there.competitors) and not there.vendor and not there.customers
    return not only_rival


def _rumoured(said: Statement, best: Ground, item: Evidence) -> Finding | None:
    fact = best.fact
    if best.score < SAME_TOPIC:
        return None
    if item.truth is Truth.TRUE and (
        said.denial or (said.negative and not said.figures and not fact.said.negative)
    ):
        return Finding(S.CONTRADICTED, (fact,), "It did happen: own it.", best.score + 0.1)
    if (
        item.truth is Truth.UNKNOWN
        and not _IN_DOUBT.search(said.text)
        and (fact.reported or _IN_DOUBT.search(fact.said.text))
    ):
        return Finding(
            S.UNSUPPORTED,
            (fact,),
            "Nobody knows yet: promise a written answer by a date.",
            best.score,
        )
    if item.truth is Truth.FALSE and fact.reported and best.score >= REFUTES:
        agrees = said.negative or said.denial
        return Finding(
            S.SUPPORTED if agrees else S.CONTRADICTED, (fact,), "The rumour is false.", best.score
        )
    return None


def _disagree(said: Statement, fact: Fact) -> bool:
    there = fact.said
    opposed = any(there.stances.get(name, sign) != sign for name, sign in said.stances.items())
    return (said.negative != there.negative) != opposed


def _plainly_disagree(said: Statement, facts: Sequence[Fact]) -> bool:
    """For statements whose figures agree: only the ends of one thing count."""
    return any(
        there.stances.get(name, sign) != sign and said.negative == there.negative
        for there in (fact.said for fact in facts)
        for name, sign in said.stances.items()
    )


def _turned_round(said: Statement, facts: Sequence[Fact]) -> bool:
    """True when the evidence goes from B to A where the statement goes from A to B."""

    def pairs(figures: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
        return [(a, b) for a, b in zip(figures, figures[1:], strict=False) if b.became]

    there = [pair for fact in facts for pair in pairs(fact.said.figures)]
    return any(
        compare(a, d) is Match.SAME and compare(b, c) is Match.SAME
        for a, b in pairs(said.figures) for c, d in there
    )  # fmt: skip


def _reaches_further(said: Statement, facts: Sequence[Fact]) -> str:
    """The absolute word that the facts don't have, or an empty string."""
    for reach, nouns in said.reaches.items():
        there = [fact.said.reaches[reach] for fact in facts if reach in fact.said.reaches]
        if not there or (
            reach is Reach.EVERY and nouns and not any(nouns & found for found in there)
        ):
            return reach.value
    return ""


def _general(said: Statement, facts: Sequence[Fact]) -> bool:
    named = said.names.customers
    return bool(
        facts and all(fact.evidence.customer for fact in facts) and not named
        and _ALL_CUSTOMERS.search(said.text) and not _ONE_CUSTOMER.search(said.text)
    )  # fmt: skip


def _listed(said: Statement, item: Evidence) -> bool:
    """True when the item lists these words as not to be said."""
    return any(_nearly(said, stems(phrase)) for phrase in item.do_not_say)


def _nearly(said: Statement, phrase: frozenset[str]) -> bool:
    return len(phrase) > 1 and len(said.words & phrase) / len(said.words | phrase) >= 0.6
