"""A session as pages to print."""

from __future__ import annotations

from api.paper import ACCENT, INK, Paper
from api.schemas import Session
from api.transcript import heading, tip, who


def transcript_pdf(session: Session, title: str) -> bytes:
    paper = Paper(f"Practice transcript: {title}")
    paper.line("Practice transcript", bold=True, scale=1.8)
    for name, value in heading(session, title):
        paper.small(f"{name}: {value}")
    paper.rule()
    for turn in session.turns:
        paper.gap(0.2)
        seller = turn.speaker == "seller"
        paper.line(
            f"{who(turn)} (turn {turn.index})",
            bold=True,
            scale=0.86,
            colour=ACCENT if seller else INK,
        )
        paper.line(turn.text)
        if said := tip(turn):
            with paper.indented():
                paper.small(f"Tip: {said}")
    return paper.bytes()
