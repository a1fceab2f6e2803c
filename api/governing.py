"""``coach compare`` and ``coach knowledge``: the knowledge base as a whole."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote

import typer

from api import terminal
from api.connecting import client_of
from api.options import Competitor, Home, Json, Sector

FAILED = 1
MOST_SHOWN = 20  # findings of one code; --json has them all
AHEAD = {"us": "We lead", "them": "They lead", "similar": "Even", "mixed": "Mixed"}


knowledge = typer.Typer(
    name="knowledge",
    help="Say whether the evidence is sound, and what should be written next.",
    no_args_is_help=True,
)


def compare(
    competitor: Annotated[str, typer.Argument(help="The competitor's name.")],
    form: Annotated[Literal["text", "json", "md", "html"], typer.Option("--format")] = "text",
    internal: Annotated[
        bool, typer.Option("--internal", help="Add what is for coaching only.")
    ] = False,
    home: Home = None,
) -> None:
    """Compare us with a competitor, criterion by criterion."""
    path = f"/v1/compare/{quote(competitor, safe='')}"
    with client_of(home) as client:
        if form == "text":
            show_comparison(client.get(path, internal=internal))
        elif form == "json":
            terminal.show_json(client.get(path, internal=internal))
        else:
            sys.stdout.write(client.text(path, format=form, internal=internal))


@knowledge.command()
def check(
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check the evidence: stale, untraceable, contradictory, unproven, repeated, absent."""
    with client_of(home) as client:
        report = client.get("/v1/evidence/check")
    (terminal.show_json if as_json else show_report)(report)
    if not report["ok"] or (strict and report["counts"]["warning"]):
        raise typer.Exit(FAILED)


@knowledge.command()
def gaps(
    competitor: Competitor = None,
    sector: Sector = None,
    met: Annotated[
        Literal["live", "practice"] | None, typer.Option(help="Rank by one of the two.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=200)] = 20,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List objections that met no evidence, most frequent first."""
    wanted = {"competitor": competitor, "sector": sector, "met": met}
    with client_of(home) as client:
        found = client.get("/v1/evidence/gaps", limit=limit, **wanted)
    (terminal.show_json if as_json else show_gaps)(found)


def show_gaps(found: Mapping[str, Any]) -> None:
    for gap in found["items"]:
        covered = "  (now covered)" if gap["covered"] else ""
        terminal.heading(f"{gap['live']:>4} live {gap['practice']:>4} practice{covered}")
        terminal.say(gap["says"], indent=4)
        for example in gap["examples"]:
            terminal.say(f"“{example['words']}” ({example['met']})", indent=4)
        if not gap["covered"]:
            terminal.say(f"-> coach template {gap['write'].replace('_', '-')}", indent=4)
    if found["next_cursor"]:
        terminal.say("There are more; raise --limit.")
    if not found["items"]:
        terminal.say("No gaps: every objection met so far found evidence.")


def show_comparison(found: Mapping[str, Any]) -> None:
    terminal.say(found["summary"])
    if not found["for_customer"]:
        terminal.say("For coaching only: internal facts are in it.")
    for row in found["rows"]:
        terminal.say()
        stale = f" (out of date since {row['valid_until']})" if row["stale"] else ""
        internal = " (internal)" if row["internal"] else ""
        label = f" ({row['label']})" if row["label"] != "fact" else ""
        disputed = " (sources disagree)" if row["disputed"] else ""
        ahead = AHEAD.get(row["ahead"], "Not stated") + disputed
        terminal.heading(f"{row['criterion']}: {ahead}{stale}{internal}{label}")
        for name, words in (("us", row["us"]), ("them", row["them"]), ("", row.get("text"))):
            if words:
                terminal.say(f"{name}: {words}" if name else words, indent=4)
        dated = f", {row['as_of']}" if row["as_of"] else ""
        terminal.say(f"[{row['evidence_id']}] {row['source'] or 'no source'}{dated}", indent=4)


def show_report(report: Mapping[str, Any]) -> None:
    by_code: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for finding in report["items"]:
        by_code[(finding["severity"], finding["code"])].append(finding["message"])
    for (severity, code), messages in by_code.items():
        terminal.heading(f"{severity}: {code.replace('_', ' ')} ({len(messages)})")
        for message in messages[:MOST_SHOWN]:
            terminal.say(message, indent=4)
        if len(messages) > MOST_SHOWN:
            terminal.say(f"and {len(messages) - MOST_SHOWN:,} more; --json has all", indent=4)
    told = ", ".join(f"{number:,} {severity}" for severity, number in report["counts"].items())
    terminal.say(f"{_items(report['checked'])} checked as of {report['today']}: {told}.")


def _items(number: int) -> str:
    return "1 item" if number == 1 else f"{number:,} items"
