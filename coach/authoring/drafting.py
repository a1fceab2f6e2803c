"""A scenario to edit, drafted from competitive facts and case studies: valid and playable at once.

The buyer's lines come from a pool; what answers them, from the evidence's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from coach.authoring.review import TODO
from coach.authoring.writing import FIRST_LINE, yaml_of
from coach.errors import BadInput
from coach.scenario import Persona
from knowledge.chunking import sentences
from knowledge.evidence import Advantage, Evidence, Kind
from knowledge.reading.naming import printable

LINES = Path(__file__).with_name("draft_lines.yaml")
MOST_ABOUT = 6
LONGEST, SHORTEST = 240, 25  # characters of an example
DEFAULT_SECTOR, DEFAULT_REGION = "professional services", "UK & Ireland"
HEADER = """\
# DRAFT, made from: {sources}
# It can be played as it is. To do before anybody practises with it:
# TODO the people: give them names, organisations and a way of speaking that your reps would meet.
# TODO the buyer's lines: they come from a pool; put in what your customers really say.
# TODO `about`: these are sentences of the evidence; add how a good seller would put them.
# TODO `behind-it`: think of what your buyers don't tell at once.
# TODO title, summary and guide_section, then: coach scenario validate FILE
"""


@dataclass(frozen=True)
class Basis:
    """What a draft is made of: current, quotable evidence. ``first`` is what was asked for."""

    vendor: str
    first: Evidence
    facts: tuple[Evidence, ...] = ()
    cases: tuple[Evidence, ...] = ()

    @property
    def competitor(self) -> str | None:
        named = (item.competitor for item in (self.first, *self.facts, *self.cases))
        return next((name for name in named if name), None)

    @property
    def theirs(self) -> list[Evidence]:
        return self._ahead(Advantage.THEM, Advantage.MIXED)

    @property
    def ours(self) -> list[Evidence]:
        return self._ahead(Advantage.US)

    def _ahead(self, *who: Advantage) -> list[Evidence]:
        unique = {item.id: item for item in (self.first, *self.facts)}
        facts = (item for item in unique.values() if item.kind is Kind.COMPETITIVE_FACT)
        return [item for item in facts if item.advantage in who and item.us and item.them]


def as_draft(basis: Basis, fields: dict[str, Any]) -> str:
    """YAML with notes of what is still to do."""
    sources = ", ".join(dict.fromkeys([basis.first.id, *(item.id for item in _used(basis))]))
    return FIRST_LINE + HEADER.format(sources=printable(sources)[:300]) + yaml_of(fields)


def drafted_fields(basis: Basis, scenario_id: str) -> dict[str, Any]:
    """What the YAML says; BadInput where the evidence is too thin."""
    pool, competitor, vendor = _pool(basis.competitor), basis.competitor, basis.vendor
    concerns = [_they_lead(pool, basis)] if basis.theirs else []
    concerns += [_we_lead(pool, basis), _behind_it(pool, basis)]
    needs = {f"need:{c['id']}/{n['id']}" for c in concerns for n in c["needs"]}
    told = _against(vendor, competitor) if competitor else _alone(vendor)
    return {
        "id": scenario_id,
        "kind": "tactical",
        **told,
        "vendor": vendor,
        **({"competitor": competitor} if competitor else {}),
        "personas": _personas(pool, basis),
        "opening": pool["opening" if competitor else "opening-alone"],
        "concerns": concerns,
        "facts": pool["facts"],
        "next_step": pool["next_step"],
        "rubric": _rubric(pool, needs),
    }


def _against(vendor: str, competitor: str) -> dict[str, str]:
    return {
        "title": f"Draft: {competitor} is ahead",
        "summary": f"The buyer compares {vendor} with {competitor}, and leans to {competitor}.",
        "guide_section": f"{TODO} where in your sales guide this belongs",
        "goal": f"Admit where {competitor} leads, prove where {vendor} does, and agree a test.",
        "objection": "superior_competitor",
    }


def _alone(vendor: str) -> dict[str, str]:
    return {
        "title": "Draft: what would we gain?",
        "summary": f"The buyer doesn't see what {vendor} would change for them.",
        "guide_section": f"{TODO} where in your sales guide this belongs",
        "goal": f"Prove with a customer like them what {vendor} changes, and agree a test.",
        "objection": "misunderstood_value",
    }


def _used(basis: Basis) -> list[Evidence]:
    return [*basis.theirs[:2], *basis.ours[:3], *basis.cases[:2]]


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(LINES.read_text(encoding="utf-8"))
    return found


def _pool(competitor: str | None) -> dict[str, Any]:
    """One's own copy; without lines that name a competitor where there is none."""
    pool = deepcopy(_read())
    found: dict[str, Any] = pool if competitor else _without(pool, "{competitor}")
    return found


def _without(value: Any, slot: str) -> Any:
    if isinstance(value, list):
        return [_without(one, slot) for one in value if not (isinstance(one, str) and slot in one)]
    if isinstance(value, dict):
        return {key: _without(one, slot) for key, one in value.items()}
    return value


def _concern(pool: dict[str, Any], basis: Basis, name: str, criterion: str) -> dict[str, Any]:
    """The pool's concern without what its needs say, about ``criterion``."""
    raw = _filled(pool[name], criterion)
    names = {"competitor": basis.competitor or "", "vendor": basis.vendor}
    topic = raw["topic"].format(**names)
    parts = ("label", "card", "topic", "say", "explain", "doubt", "accept")
    told = {part: raw[part] for part in parts} | {"topic": topic}
    return {"id": name, **told, "asks": raw["needs"]}


def _filled(value: Any, criterion: str) -> Any:
    if isinstance(value, str):
        return value.replace("<criterion>", criterion)
    if isinstance(value, list):
        return [_filled(one, criterion) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, criterion) for key, one in value.items()}
    return value


def _they_lead(pool: dict[str, Any], basis: Basis) -> dict[str, Any]:
    theirs = basis.theirs[:2]
    concern = _concern(pool, basis, "they-lead", _criterion(theirs[0]))
    asks, name = concern.pop("asks"), basis.competitor
    admitted = [f"{name} is ahead when it comes to the {_criterion(item)}." for item in theirs]
    credit = [*admitted, *_examples(str(item.them) for item in theirs)]
    instead = _examples(str(item.us) for item in theirs)
    needs = [{"id": "credit", "move": "admit", "about": credit, "ask": asks["credit"]}]
    if instead:
        needs.append({"id": "instead", "about": instead, "ask": asks["instead"]})
    return {**concern, "weight": 2, "needs": needs}


def _we_lead(pool: dict[str, Any], basis: Basis) -> dict[str, Any]:
    ours = basis.ours[:3]
    concern = _concern(
        pool, basis, "we-lead", _criterion(ours[0]) if ours else "what counts for us"
    )
    asks, needs = concern.pop("asks"), []
    if proof := _examples(text for item in ours for text in (str(item.us), str(item.them))):
        needs.append({"id": "proof", "move": "evidence", "about": proof, "ask": asks["proof"]})
    if peer := _examples(case.text for case in basis.cases[:2]):
        needs.append({"id": "peer", "move": "evidence", "about": peer, "ask": asks["peer"]})
    if not needs:
        against = (
            f" where {basis.vendor} is ahead of {basis.competitor}" if basis.competitor else ""
        )
        raise BadInput(
            f"nothing in the evidence says{against} what a customer gains: bring such a fact, or a "
            "case study, and draft from that"
        )
    return {**concern, "weight": 3, "needs": needs}


def _behind_it(pool: dict[str, Any], basis: Basis) -> dict[str, Any]:
    concern = _concern(pool, basis, "behind-it", "")
    ask = concern.pop("asks")["small-step"]
    need = {"id": "small-step", "about": pool["behind-it"]["about"], "ask": ask}
    return {**concern, "hidden": True, "weight": 3, "needs": [need]}


def _criterion(item: Evidence) -> str:
    """As it stands in the middle of a sentence; braces would be taken for a slot."""
    plain = " ".join(re.sub(r"[{}<>]", "", item.criterion or item.title).split())
    return re.sub(r"^the ", "", plain, flags=re.IGNORECASE)[:80]


def _examples(texts: Iterable[str]) -> list[str]:
    """Sentences of the evidence, each once; those with a result or a figure first."""
    bodies = [re.sub(r"^#+ .*$", "", text, flags=re.MULTILINE) for text in texts]
    found = dict.fromkeys(
        " ".join(body[a:b].split()) for body in bodies for a, b in sentences(body)
    )
    fitting = [one for one in found if SHORTEST <= len(one) <= LONGEST]
    best = sorted(fitting, key=lambda one: not any(ch.isdigit() for ch in one))[:MOST_ABOUT]
    return [one for one in fitting if one in best]


def _personas(pool: dict[str, Any], basis: Basis) -> list[dict[str, Any]]:
    """Of the sectors and regions that the evidence is about."""
    items = [basis.first, *basis.cases]
    sectors = list(dict.fromkeys(i.sector for i in items if i.sector)) or [DEFAULT_SECTOR]
    regions = list(dict.fromkeys(i.region for i in items if i.region)) or [DEFAULT_REGION]
    people: Sequence[dict[str, Any]] = pool["personas"]
    order = list(Persona.model_fields)
    return [
        dict(
            sorted(
                {
                    **one,
                    "sector": sectors[n % len(sectors)],
                    "region": regions[n % len(regions)],
                }.items(),
                key=lambda field: order.index(field[0]),
            )
        )
        for n, one in enumerate(people)
    ]


def _rubric(pool: dict[str, Any], needs: set[str]) -> list[dict[str, Any]]:
    """Without the needs that this draft doesn't have."""
    checks: list[dict[str, Any]] = []
    for check in pool["rubric"]:
        if check["id"] == "credits-them" and "need:they-lead/credit" not in needs:
            continue
        for side in ("yes", "no"):
            rules = [r for r in check.get(side, []) if not r.startswith("need:") or r in needs]
            if side in check:
                check[side] = rules
        checks.append(check)
    return checks
