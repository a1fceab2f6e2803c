"""A debrief as a document: its sections, then Markdown or HTML. Pure; what was typed stays text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from api.transcript import html_page, markdown_text, text_escaped
from api.web import wording
from coach.debrief import CheckSummary, Debrief
from coach.scenario import Persona, Scenario


class Kind(StrEnum):
    TEXT = "text"
    ITEM = "item"
    QUOTE = "quote"


@dataclass(frozen=True)
class Block:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Section:
    heading: str
    blocks: tuple[Block, ...]


def text(said: str) -> Block:
    return Block(Kind.TEXT, said)


def item(said: str) -> Block:
    return Block(Kind.ITEM, said)


def quote(said: str) -> Block:
    return Block(Kind.QUOTE, said)


def sections(debrief: Debrief, scenario: Scenario, persona: Persona) -> list[Section]:
    """All that the page shows, in its order; what there is none of is left out."""
    concerns = debrief.buyer["concerns"]
    found = [
        ("Outcome", _outcome(debrief, scenario, persona)),
        ("What they were worried about", [b for c in concerns for b in _card(c)]),
        ("What you took it for", [b for g in debrief.guesses for b in _guess(g)]),
        ("What worked", [item(said) for said in debrief.strengths]),
        ("Check by check", [b for check in debrief.checks for b in _check(check)]),
        ("What you claimed", [b for c in debrief.claims_made for b in _claim(c)]),
        ("What if you had said", [b for w in debrief.what_if for b in _what_if(w, persona)]),
        ("Facts that you may say", [b for f in debrief.facts for b in _fact(f)]),
        ("Hints you took", [item(_hint(h)) for h in debrief.hints]),
        ("Next", [text(debrief.next_drill)]),
    ]
    return [Section(heading, tuple(blocks)) for heading, blocks in found if blocks]


def _outcome(debrief: Debrief, scenario: Scenario, persona: Persona) -> list[Block]:
    headline = wording.ENDINGS.get(debrief.ending, wording.OUTCOMES[debrief.outcome])
    score = "Not scored" if debrief.score is None else f"Score: {debrief.score} of 100"
    blocks = [
        text(headline.format(name=persona.name) + "."),
        text(debrief.outcome_reason),
        item(f"Scenario: {scenario.title}"),
        item(f"Buyer: {persona.name}, {persona.role}, {persona.organisation}"),
        item(score),
    ]
    if debrief.failed:
        blocks.append(item(f"Failed: {debrief.failed}"))
    if debrief.rubrics:
        blocks.append(item(f"Judged by: {', '.join(debrief.rubrics)}"))
    return blocks


Raw = Mapping[str, Any]


def _card(concern: Raw) -> Iterator[Block]:
    hidden = " (hidden at first)" if concern.get("hidden") else ""
    standing = concern.get("standing", "")
    stood = wording.STANDINGS.get(standing, standing)
    yield item(f"{concern['card']}{hidden} {stood}.")


def _guess(guess: Raw) -> Iterator[Block]:
    yield item(f"“{guess['text']}”: {wording.named(wording.GUESSES, guess['level'])}")


def _check(check: CheckSummary) -> Iterator[Block]:
    yield text(f"{check.question} {check.yes} yes, {check.no} no{_marks(check)}.")
    if check.best_quote:
        yield quote(check.best_quote)
    if check.missed_turn is not None:
        why = f": {check.missed_why}" if check.missed_why else ""
        yield item(f"First missed at turn {check.missed_turn}{why}")
    if check.explanation:
        yield item(check.explanation)


def _marks(check: CheckSummary) -> str:
    marks = ["must not fail"] * check.fatal + ["advisory, not in the score"] * check.advisory
    return f" ({', '.join(marks)})" if marks else ""


def _claim(claim: Raw) -> Iterator[Block]:
    status = wording.named(wording.CLAIMS, claim["status"])
    yield item(f"{status}, turn {claim['turn']}: “{claim['text']}” {claim['note']}".strip())
    if claim["quote"]:
        yield quote(f"{claim['quote']} ({claim['evidence']})")


def _what_if(entry: Raw, persona: Persona) -> Iterator[Block]:
    yield text(f"At turn {entry['turn']}:")
    yield quote(entry["suggestion"])
    if played := entry.get("played"):
        moved = ", ".join(
            f"{key} {wording.signed(played[key]['would_be'])} instead of "
            f"{wording.signed(played[key]['was'])}"
            for key in wording.MOODS
        )
        yield item(f"With this {persona.name} would have {played['would']} ({moved}).")


def _fact(fact: Raw) -> Iterator[Block]:
    yield quote(fact["quote"])
    as_of = f", as of {fact['as_of']}" if fact["as_of"] else ""
    yield item(f"{fact['title']}. {fact['source']}{as_of}")


def _hint(hint: Raw) -> str:
    return f"At turn {hint['turn']}, level {hint['level']}: {hint['text']}"


# --- as text ---


def as_markdown(parts: list[Section]) -> str:
    lines = ["# Debrief"]
    for part in parts:
        lines += ["", f"## {part.heading}", ""]
        for block in part.blocks:
            lines += _markdown(block)
    return "\n".join(lines) + "\n"


def _markdown(block: Block) -> list[str]:
    written = markdown_text(block.text).split("\n")
    if block.kind is Kind.QUOTE:
        return [*(f"> {line}".rstrip() for line in written), ""]
    if block.kind is Kind.ITEM:
        return ["- " + " ".join(line for line in written if line)]
    return [*written, ""]


_TAG = {Kind.TEXT: "p", Kind.ITEM: "li", Kind.QUOTE: "blockquote"}


def as_html(parts: list[Section], title: str) -> str:
    body = "".join(f"<h2>{part.heading}</h2>{''.join(_html(part.blocks))}" for part in parts)
    return html_page(f"Debrief: {title}", f"<h1>Debrief</h1>{body}")


def _html(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Items that follow each other make one list."""
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        tag = _TAG[kind]
        inner = "".join(f"<{tag}>{text_escaped(block.text)}</{tag}>" for block in group)
        yield f"<ul>{inner}</ul>" if kind is Kind.ITEM else inner
