"""``coach debrief`` and ``coach transcript``: a session as a document, printed or in a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

import typer

from api.connecting import client_of
from api.options import Home
from coach.errors import BadInput

SessionArgument = Annotated[str, typer.Argument(help="The session's id.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")]


def debrief(
    session: SessionArgument,
    form: Annotated[Literal["json", "md", "html", "pdf"], typer.Option("--format")] = "md",
    out: Out = None,
    home: Home = None,
) -> None:
    """Print the debrief of a session that has ended; as PDF it is one page to keep."""
    _print(session, "debrief", form, out, home)


def transcript(
    session: SessionArgument,
    form: Annotated[Literal["json", "md", "csv", "html", "pdf"], typer.Option("--format")] = "md",
    out: Out = None,
    home: Home = None,
) -> None:
    """Print the transcript of a session."""
    _print(session, "transcript", form, out, home)


def _print(session: str, what: str, form: str, out: Path | None, home: Path | None) -> None:
    if form == "pdf" and out is None and sys.stdout.isatty():
        raise BadInput("a PDF can't be shown in a terminal; name a file with -o")
    with client_of(home) as client:
        path = f"/v1/sessions/{quote(session, safe='')}/{what}"
        content = client.content(path, format=form)
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{out} can't be written: {error.strerror}") from error
