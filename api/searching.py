"""``coach search``: evidence by a query and by every field."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api import terminal
from api.connecting import client_of
from api.options import Competitor, Home, Json, Region, Sector

Wanted = str | None


def search(  # noqa: PLR0913, PLR0917  one option for each filter
    query: Annotated[str, typer.Argument(help="What to look for.")],
    kind: Annotated[list[str] | None, typer.Option(help="case_study, testimonial, ...")] = None,
    sector: Sector = None,
    region: Region = None,
    competitor: Competitor = None,
    customer: Annotated[Wanted, typer.Option(help="The customer it is about.")] = None,
    criterion: Annotated[Wanted, typer.Option(help="What is compared.")] = None,
    source: Annotated[Wanted, typer.Option(help="Where it comes from, as written.")] = None,
    owner: Annotated[Wanted, typer.Option(help="Who keeps it right, as written.")] = None,
    truth: Annotated[Wanted, typer.Option(help="Of a rumour: true, false or unknown.")] = None,
    advantage: Annotated[Wanted, typer.Option(help="us, them, similar, mixed, unstated.")] = None,
    visibility: Annotated[Wanted, typer.Option(help="public or internal.")] = None,
    label: Annotated[Wanted, typer.Option(help="fact, inference or assumption.")] = None,
    size_from: Annotated[int | None, typer.Option(help="Employees, at least.")] = None,
    size_to: Annotated[int | None, typer.Option(help="Employees, at most.")] = None,
    as_of_from: Annotated[Wanted, typer.Option(help="Dated on or after, 2026-11-23.")] = None,
    as_of_to: Annotated[Wanted, typer.Option(help="Dated on or before.")] = None,
    stale: Annotated[
        bool | None, typer.Option("--stale/--current", help="Only what is, or isn't, out of date.")
    ] = None,
    quotable: Annotated[
        bool | None, typer.Option("--quotable", help="Only what a customer may be shown.")
    ] = None,
    peer_sector: Annotated[Wanted, typer.Option(help="Prefer customers of this sector.")] = None,
    peer_region: Annotated[Wanted, typer.Option(help="Prefer customers of this region.")] = None,
    peer_size: Annotated[int | None, typer.Option(help="Prefer customers of this size.")] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=200)] = 8,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Search the evidence."""
    wanted: dict[str, Any] = {**locals(), "q": query}
    for name in ("query", "home", "as_json"):
        del wanted[name]
    with client_of(home) as client:
        found = client.get("/v1/evidence", **wanted)
    if as_json:
        terminal.show_json(found)
        return
    if found.get("warning"):
        terminal.say(f"Note: {found['warning']}.")
    terminal.show_passages(found["items"])
