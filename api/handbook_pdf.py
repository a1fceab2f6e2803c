"""The handbook of a session as one A4 page: smaller letters until it fits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from api.paper import Paper
from coach.debrief.handbook import Advice, Handbook

SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)  # points


class _Page(Paper):
    def line(self, text: str, **looks: Any) -> None:
        """Breaks where the margin is, not where whoever wrote it pressed return."""
        super().line(" ".join(text.split()), **looks)


def handbook_pdf(book: Handbook) -> bytes:
    """One page, always: what the book holds is bounded, so that the smallest letters hold it."""
    paper = _Page(f"Handbook: {book.title}")
    draw = partial(_draw, book, paper)
    for paper.size in SIZES:
        if paper.fits(draw):
            break
    draw()
    return paper.bytes()


def _draw(book: Handbook, paper: Paper) -> None:
    paper.line(book.title, bold=True, scale=1.8)
    paper.small(f"{book.buyer}. Score: {book.score}.")
    paper.rule()
    _lines(paper, "What happened", book.happened)
    _lines(paper, "What it was really about", book.cards)
    _advice(paper, "To keep", book.keep)
    _advice(paper, "To change, with words to say", book.change)
    if book.facts:
        paper.heading("Facts that you may say")
        for fact in book.facts:
            paper.line(f"“{fact.quote}”")
            paper.small(fact.source)
            paper.gap()
    _lines(paper, "Next", (book.next_drill,))


def _lines(paper: Paper, heading: str, lines: Sequence[str]) -> None:
    if lines:
        paper.heading(heading)
        for line in lines:
            paper.line(line)
            paper.gap(0.04)


def _advice(paper: Paper, heading: str, advice: Sequence[Advice]) -> None:
    if not advice:
        return
    paper.heading(heading)
    for number, one in enumerate(advice, start=1):
        paper.line(f"{number}. {one.about}", bold=True)
        with paper.indented():
            if one.why:
                paper.small(one.why)
            paper.line(one.words)
        paper.gap()
