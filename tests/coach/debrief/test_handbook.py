"""The handbook holds what a rep takes along, and never more than a page of it."""

from __future__ import annotations

import pypdfium2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.handbook_pdf import handbook_pdf
from coach.assessment import Verdict
from coach.debrief import debrief_of
from coach.debrief.handbook import LONGEST, MOST, Advice, Fact, Handbook, handbook_of
from coach.session import Status
from tests.coach.debrief.test_summing import FATAL, IDS, MISSED, SCENARIO, session

LINE = st.text(
    st.sampled_from("abc xyz ĄŁ Ωμ Привет שלום مرحبا 東京 👍 \u0301\u200d\n\r"), max_size=LONGEST
)
ADVICE = st.lists(st.builds(Advice, LINE, LINE, LINE), max_size=MOST).map(tuple)
BOOKS = st.builds(
    Handbook,
    title=LINE,
    buyer=LINE,
    score=st.just("not scored"),
    happened=st.lists(LINE, max_size=5).map(tuple),
    keep=ADVICE,
    change=ADVICE,
    facts=st.lists(st.builds(Fact, LINE, LINE), max_size=MOST + 1).map(tuple),
    cards=st.lists(LINE, max_size=2).map(tuple),
    next_drill=LINE,
)


def pages(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(book=BOOKS)
def test_it_is_one_page_whatever_stands_in_it(book: Handbook) -> None:
    """Also with letters that the font doesn't have, and with as much as a book can hold."""
    assert pages(handbook_pdf(book)) == 1


def test_the_fullest_one_is_one_page() -> None:
    long = ("wide words " * 40)[:LONGEST]
    most = Advice(long[:120], long, (long * 2)[: LONGEST + 150])
    book = Handbook(
        title=long[:80],
        buyer=long[:120],
        score="100 of 100",
        happened=(long,) * 5,
        keep=(most,) * MOST,
        change=(most,) * MOST,
        facts=(Fact(long, long[:150]),) * (MOST + 1),
        cards=(long,) * 2,
        next_drill=long,
    )
    assert pages(handbook_pdf(book)) == 1


def test_it_says_what_to_keep_and_what_to_change_in_words() -> None:
    """A broken rule comes first; what was done well is quoted."""
    verdicts = dict.fromkeys(IDS, Verdict.YES) | {FATAL: Verdict.NO, MISSED: Verdict.NO}
    made = debrief_of(session([verdicts] * 20), SCENARIO, Status.ENDED)
    book = handbook_of(made, SCENARIO, SCENARIO.personas[0])
    broken = next(c for c in made.checks if c.id == FATAL)
    assert book.change[0].about == broken.question
    assert book.change[0].words == broken.tip
    assert {advice.words for advice in book.keep} == {"“well”"}
    assert max(len(book.keep), len(book.change)) <= MOST
    assert book.cards
    assert any(line.startswith("Failed: ") for line in book.happened)
