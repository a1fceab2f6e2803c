"""Words on a terminal: plain text in, readable lines out. Nothing here asks or decides."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
WIDEST = 100


def plain(text: object) -> str:
    """Without control characters: no text may steer the reader's terminal."""
    return CONTROL.sub("", str(text))


def say(text: object = "", indent: int = 0) -> None:
    """One paragraph to standard output, wrapped where a person reads it."""
    lead = " " * indent
    for line in plain(text).split("\n"):
        shown = lead + line
        if sys.stdout.isatty():
            width = min(shutil.get_terminal_size().columns, WIDEST)
            shown = textwrap.fill(line, width, initial_indent=lead, subsequent_indent=lead)
        sys.stdout.write(shown + "\n")


def bold(text: str) -> str:
    """For whole lines of our own; put through ``heading``."""
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else text


def heading(text: str) -> None:
    sys.stdout.write(bold(plain(text)) + "\n")


def write(text: str) -> None:
    """A piece of a line, shown at once."""
    sys.stdout.write(plain(text))
    sys.stdout.flush()


def complain(text: object) -> None:
    """One line on standard error."""
    line = " ".join(plain(str(text).replace("\n", " ")).split())
    sys.stdout.flush()
    sys.stderr.write(f"coach: {line}\n")


def show_json(body: object) -> None:
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    sys.stdout.write(json.dumps(body, indent=2, ensure_ascii=not is_unicode) + "\n")


CLEAR_LINE = "\r\x1b[K"


@contextmanager
def waiting(doing: str) -> Iterator[None]:
    """A word on standard error while nothing else can be said; gone afterwards."""
    watched = sys.stderr.isatty()
    if watched:
        sys.stderr.write(f"{doing} ...")
        sys.stderr.flush()
    try:
        yield
    finally:
        if watched:
            sys.stderr.write(CLEAR_LINE)
            sys.stderr.flush()


# --- what the API answers, as a person reads it ---


def show_scenarios(items: Iterable[Mapping[str, Any]]) -> None:
    for item in items:
        heading(f"{item['id']}  ({item['kind']}, {item['minutes']} min)")
        title = item["title"] if item["title"][-1] in "?!" else f"{item['title']}."
        say(f"{title} {item['summary']}", indent=4)
        people = ", ".join(f"{p['id']} ({p['role']}, {p['temperament']})" for p in item["personas"])
        say(f"personas: {people}", indent=4)


def show_advice(advice: Mapping[str, Any]) -> None:
    guess = advice["objection"]
    practise = f"; practise it: coach practise {guess['scenario']}" if guess["scenario"] else ""
    say(f"{guess['says']} ({guess['type']}, confidence {guess['confidence']:.2f}){practise}")
    if advice.get("note"):
        say(f"Note: {advice['note']}")
    _show_suggestions(advice["suggestions"])
    titles = {p["evidence_id"]: p for p in advice["evidence"]}
    cited = {c["evidence_id"] for s in advice["suggestions"] for c in s["claims"]}
    for evidence_id in sorted(cited & titles.keys()):
        say(f"[{evidence_id}] {titles[evidence_id]['title']}; {titles[evidence_id]['source']}")
    show_shared(advice["shared"])
    for gap in advice["gaps"]:
        say(f"No evidence for: {gap}")


def _show_suggestions(suggestions: Iterable[Mapping[str, Any]]) -> None:
    for number, one in enumerate(suggestions, start=1):
        say()
        heading(f"{number}. {one['style'].replace('_', ' ')}")
        say(one["text"], indent=3)
        for claim in one["claims"]:
            say(f"proof [{claim['evidence_id']}]: “{claim['quote']}”", indent=5)
        if one["next_step"]:
            say(f"next step: {one['next_step']}", indent=5)
    say()


def show_shared(answers: Iterable[Mapping[str, Any]]) -> None:
    """What colleagues said: to learn from, so it stands apart from what is proved."""
    for answer in answers:
        heading(answer["title"])
        say(f"To “{answer['objection']}”:", indent=3)
        say(answer["wording"], indent=3)
        for warning in answer["warnings"]:
            say(f"mind: {warning}", indent=5)
        say()


def show_hint(hint: Mapping[str, Any]) -> None:
    say(f"Hint {hint['level']}: {hint['text']}")
    if hint.get("suggestions"):
        _show_suggestions(hint["suggestions"])
    show_shared(hint.get("shared", ()))


CLOSENESS = {
    "right": "That's it",
    "close": "Close",
    "other_concern": "True, but they don't hide it",
    "no_match": "Not it",
}


def show_diagnosis(told: Mapping[str, Any]) -> None:
    about = f" ({told['concern']})" if told["concern"] else ""
    say(f"{CLOSENESS[told['level']]}{about}. Guesses left: {told['left']}.")
    for card in told["cards"]:
        say(f"It was this: {card['card']}")


def show_passages(items: Iterable[Mapping[str, Any]]) -> None:
    items = list(items)
    for item in items:
        heading(f"[{item['evidence_id']}] {item['title']}")
        about = [item["kind"], item["sector"], item["region"], item["competitor"], item["source"]]
        say(" · ".join(part for part in about if part), indent=4)
        stale = f"out of date since {item['valid_until']}" if item["stale"] else ""
        if note := (item.get("truth") and f"this rumour is {item['truth']}") or stale:
            say(f"({note})", indent=4)
        say(item["text"], indent=4)
        say()
    if not items:
        say("Nothing found.")


def show_claims(claims: Iterable[Mapping[str, Any]]) -> None:
    for claim in claims:
        heading(f"{claim['status'].replace('_', ' ')}: {claim['text']}")
        if claim["note"]:
            say(claim["note"], indent=4)
        for cited in claim["evidence"]:
            say(f"[{cited['id']}] “{cited['quote']}”", indent=4)


def _show_buyer(buyer: Mapping[str, Any]) -> None:
    for made in buyer.get("decisions", []):
        say(f"Turn {made['turn']}, {made['kind']} {made['label']}: {made['reason']}")
    for concern in buyer.get("concerns", []):
        standing = concern.get("standing", "")
        stands = "hidden, and it never came out" if standing == "hidden" else standing
        say(f"The buyer's worry ({stands}): {concern.get('card', '')}")


def _show_guesses(guesses: Iterable[Mapping[str, Any]]) -> None:
    for made in guesses:
        say(f"You guessed “{made['text']}”: {CLOSENESS[made['level']].lower()}")


def show_debrief(debrief: Mapping[str, Any]) -> None:
    score = "not scored" if debrief["score"] is None else f"{debrief['score']} of 100"
    ended = debrief["outcome"].replace("_", " ")
    if debrief["success"] and ended == "ended":
        ended = "ended, with an honest no where there was no need"
    heading(f"Debrief: {ended}, {score}")
    say(debrief["outcome_reason"])
    if debrief["failed"]:
        say(f"Failed: {debrief['failed']}")
    for check in debrief["checks"]:
        counts = f"yes {check['yes']}, no {check['no']}"
        say(f"- {check['question']} ({counts})", indent=2)
        if check["explanation"]:
            say(check["explanation"], indent=6)
        if check["best_quote"]:
            say(f"best: “{check['best_quote']}”", indent=6)
    _show_buyer(debrief["buyer"])
    _show_guesses(debrief["guesses"])
    for strength in debrief["strengths"]:
        say(f"Strength: {strength}")
    for other in debrief["what_if"]:
        say(f"What if, at turn {other['turn']}: {other['suggestion']}")
    if debrief["next_drill"]:
        say(f"Next: {debrief['next_drill']}")


def show_findings(report: Mapping[str, Any]) -> None:
    say(f"Home: {report['home']}")
    for check in report["checks"]:
        say(f"{check['verdict']:>8}  {check['name']}: {check['says']}")
        if check["todo"]:
            say(f"-> {check['todo']}", indent=10)
    say("All is well." if report["ok"] else "Something is broken: see above.")
