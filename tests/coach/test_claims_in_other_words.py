"""How the ledger holds what is said in other words against evidence made for the purpose."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coach.claims import ClaimChecker, ClaimStatus
from knowledge.evidence import Evidence
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.coach.test_claims import FewItems, item, only

NOW = datetime(2026, 11, 23, tzinfo=UTC)
S = ClaimStatus

LARKIN = item(
    "larkin",
    "Larkin Bakeries had been with Borex for nine years. Larkin Bakeries moved its phones to Acme "
    "and kept its vans with Borex. Larkin Bakeries cut unanswered calls from 12% to 4%.",
    kind="case_study",
    title="Larkin Bakeries left Borex after nine years",
    customer="Larkin Bakeries",
    competitor="Borex",
)
CARD = item(
    "card",
    "Acme paints no vans. Borex paints vans in any colour. Dunlop Vans rents vans.",
    kind="competitive_fact",
    competitor="Dunlop Vans",
    us="Acme paints no vans.",
    them="Dunlop Vans rents vans.",
    advantage="them",
)


def checker(embedder: MiniLMEmbedder, *items: Evidence) -> ClaimChecker:
    made = ClaimChecker(FewItems(*items), embedder, lambda: NOW, "Acme")
    made.warm()
    return made


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Our filter costs 40 euros a month.", S.SUPPORTED),
        ("Our filter costs 480 euros a year.", S.SUPPORTED),
        ("Our filter costs 40 euros a year.", S.CONTRADICTED),
    ],
)
def test_an_amount_is_compared_for_the_same_time(
    embedder: MiniLMEmbedder, said: str, status: ClaimStatus
) -> None:
    """Forty a month is 480 a year, and not forty."""
    few = checker(embedder, item("filter", "The filter of Acme costs 40 EUR a month."))
    assert only(few.check(said)).status is status


@pytest.mark.parametrize(("share", "status"), [(34, S.CONTRADICTED), (62, S.SUPPORTED)])
def test_most_is_more_than_half(embedder: MiniLMEmbedder, share: int, status: ClaimStatus) -> None:
    """Who says "most" gives a figure without saying it."""
    fact = item("new", f"In 2025, {share}% of the repairs of Acme were finished on the same day.")
    said = "Most repairs of Acme were finished on the same day."
    assert only(checker(embedder, fact).check(said)).status is status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Larkin misses more calls today than before.", S.CONTRADICTED),
        ("Larkin left Borex after nine years and kept its vans there.", S.SUPPORTED),
        ("Larkin left Borex after nine years and doubled its sales of bread.", S.UNSUPPORTED),
        ("Larkin came to us from Dunlop.", S.CONTRADICTED),
        ("Larkin went back to Borex.", S.CONTRADICTED),
    ],
)
def test_a_story_is_told_as_it_was(
    embedder: MiniLMEmbedder, said: str, status: ClaimStatus
) -> None:
    """Each half of a sentence for itself, the direction of a change, and who was left for whom."""
    assert only(checker(embedder, LARKIN, CARD).check(said)).status is status


def test_what_a_title_says_is_proved_by_words_of_the_text(embedder: MiniLMEmbedder) -> None:
    """A title is no text to quote; the sentence that is nearest to it is."""
    claim = only(checker(embedder, LARKIN, CARD).check("Larkin left Borex after nine years."))
    assert claim.status is S.SUPPORTED
    assert all(LARKIN.text[slice(*e.span)] == e.quote for e in claim.evidence)
    assert claim.evidence


def test_only_one_is_wrong_where_the_evidence_names_more(embedder: MiniLMEmbedder) -> None:
    """ "Only" is held against whatever else the evidence has."""
    fact = item("seal", "The quality seal of Acme covers the pumps, filters and the fitting.")
    said = "Our quality seal covers the pumps only."
    assert only(checker(embedder, fact).check(said)).status is S.CONTRADICTED


def test_what_is_to_come_is_not_refuted_by_what_is(embedder: MiniLMEmbedder) -> None:
    """Nobody can look up next spring; that no source has it is all there is to say."""
    fact = item("price", "The prices of Acme rose in 2025.")
    said = "Our prices will fall next spring."
    assert only(checker(embedder, fact).check(said)).status is S.UNSUPPORTED


def test_evidence_in_quite_other_words_is_held_beside_the_claim(embedder: MiniLMEmbedder) -> None:
    """A long item in which only the meaning points to the right sentence."""
    about = " ".join(f"The parcel of the parcel number {n} of a parcel is late." for n in range(9))
    fact = item("parcels", f"{about} Acme delivers nothing on Sundays.")
    claim = only(checker(embedder, fact).check("We bring your parcel on Sundays."))
    assert claim.status is S.CONTRADICTED
