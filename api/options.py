"""Options and arguments that several commands of the CLI share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option("--home", help="Data folder. [default: COACH_HOME or ~/.objection-coach]"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, as the HTTP API gives it.")]
Text = Annotated[str, typer.Argument(help="The text; - reads it from standard input.")]
Sector = Annotated[str | None, typer.Option(help="The customer's sector.")]
Region = Annotated[str | None, typer.Option(help="The customer's region.")]
Competitor = Annotated[str | None, typer.Option(help="The competitor in question.")]
