"""What a document says of itself is taken for its fields, and marked as inferred."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.evidence import Kind, Visibility
from knowledge.reading.mapping import Mapping
from tests.made_files import STORY, problems, read, word


def test_what_a_document_plainly_says_of_itself_is_inferred_and_marked() -> None:
    """Nobody filled in a field: every one of them is a guess."""
    (item,) = read("story.docx", STORY)
    assert (item.kind, item.customer) == (Kind.CASE_STUDY, "Nordhavn Clinics")
    assert (item.sector, item.size, item.valid_until) == ("Healthcare", 1200, date(2027, 9, 30))
    assert {"kind", "customer", "sector", "size", "valid_until", "id"} <= set(item.inferred)


def test_an_expiry_that_cannot_be_read_is_told_not_dropped() -> None:
    """Old facts would be quoted for ever."""
    ((_, message),) = problems("a.docx", word(("Normal", "Valid until: soon")))
    assert "valid_until: 'soon' is no date" in message


@pytest.mark.parametrize("mark", ["CONFIDENTIAL", "Internal use only", "Strictly confidential"])
def test_a_confidential_document_is_internal(mark: str) -> None:
    """Also when only its page header says so."""
    said = word(("Normal", "We are dearer."), header=mark)
    assert read("a.docx", said)[0].visibility is Visibility.INTERNAL
    assert read("a.html", f"<p>We are dearer.<footer>{mark}</footer>")[0].visibility is (
        Visibility.INTERNAL
    )


def test_a_sentence_about_confidentiality_makes_nothing_internal() -> None:
    """Only a mark on a line of its own does."""
    (item,) = read("a.html", "<p>Your calls are confidential. So is this internal line.")
    assert item.visibility is Visibility.PUBLIC


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("case-studies", Kind.CASE_STUDY),
        ("Testimonials", Kind.TESTIMONIAL),
        ("battlecards/2026", Kind.COMPETITIVE_FACT),
        ("marketing", Kind.PRODUCT_FACT),
    ],
)
def test_a_folder_named_for_a_kind_gives_it(folder: str, kind: Kind) -> None:
    """And the fallback is a product fact."""
    (item,) = read(f"{folder}/a.html", "<p>Calls are answered.")
    assert (item.kind, "kind" in item.inferred) == (kind, True)


def test_a_mapping_for_rows_leaves_documents_alone() -> None:
    """Its kind counts, its columns don't."""
    mapping = Mapping({"title": ("Account",)}, kind=Kind.TRACK_RECORD)
    assert read("a.html", "<p>Ten years.", mapping)[0].kind is Kind.TRACK_RECORD
