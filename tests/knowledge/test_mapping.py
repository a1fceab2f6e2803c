"""Other people's columns, and what they may and may not be taken to say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import InvalidEvidence
from knowledge.evidence import Advantage, Evidence, Kind, Visibility
from knowledge.reading.advantage import advantage_of, vendor_of
from knowledge.reading.mapping import Mapping, Reading
from knowledge.reading.values import as_date, as_number, as_text


def evidence(record: dict[str, Any], mapping: Mapping | None = None) -> Evidence:
    return Reading([record], mapping).evidence(record, "row-1")


def test_a_case_study_of_another_shape_becomes_readable_paragraphs() -> None:
    """Each part is a paragraph of its own, entities are decoded, figures keep their label."""
    item = evidence(
        {
            "Name": "Bitbank",
            "Industry": "Financial Services",
            "Location": "Vienna, Austria",
            "Employees": "600+\n",
            "challenge": "Slow\nreleases.\n",
            "benefits": "Fast &amp; safe",
            "stats": [{"stat": "10&#44;464", "label": "commits"}, {"stat": 9, "label": "x"}],
        }
    )
    assert item.text == (
        "Customer: Bitbank\n\nChallenge:\nSlow\nreleases.\n\nBenefits: Fast & safe"
        "\n\nStats:\n10,464 commits\n9 x"
    )
    assert (item.kind, item.customer, item.size) == (Kind.CASE_STUDY, "Bitbank", 600)
    assert (item.sector, item.region) == ("Financial Services", "Vienna, Austria")
    assert set(item.inferred) == {"id", "kind", "customer"}


def test_a_quote_becomes_a_testimonial_that_names_its_author() -> None:
    """The words of the quote stay verbatim."""
    item = evidence({"quote": "It just works.", "author": "Ada Lund, CIO", "company": "Nordhavn"})
    assert item.kind is Kind.TESTIMONIAL
    assert item.text == "It just works.\n\n— Ada Lund, CIO, Nordhavn"
    assert item.title == "Ada Lund, CIO, Nordhavn"


def test_a_comparison_holds_both_sides_verbatim() -> None:
    """And the words about who is ahead, which were interpreted."""
    item = evidence(
        {"rival": "Meridant", "feature": "API", "ours": "Open.", "theirs": "None.", "winner": "We"}
    )
    assert item.kind is Kind.COMPETITIVE_FACT
    assert item.title == "Meridant: API"
    assert item.text == "Us: Open.\n\nMeridant: None.\n\nAdvantage: We"
    assert (item.us, item.them) == ("Open.", "None.")
    assert item.advantage is Advantage.US
    assert "advantage" in item.inferred


def test_a_comparison_that_names_no_winner_leaves_it_unstated() -> None:
    """Nothing is concluded from the sides alone."""
    item = evidence({"competitor": "Jira", "topic": "Gaps", "text": "Plugins are expensive."})
    assert item.advantage is Advantage.UNSTATED
    assert item.text == "Plugins are expensive."


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("GitLab", Advantage.US),
        ("GitLab (fewer requirements)", Advantage.US),
        ("GitLab, as it allows horizontal scaling", Advantage.US),
        ("GitLab (does not require a dedicated backup host)", Advantage.US),
        ("us", Advantage.US),
        ("GitHub", Advantage.THEM),
        ("GitHub (CodeSpaces configuration is powerful)", Advantage.THEM),
        ("theirs", Advantage.THEM),
        ("Similar", Advantage.SIMILAR),
        ("Similar. GitHub is more user-friendly than GitLab", Advantage.SIMILAR),
        ("There's no significant advantage over others", Advantage.SIMILAR),
        ("GitLab (a) but also GitHub (b)", Advantage.MIXED),
        ("Currently, GitLab. However, GitHub may jump ahead", Advantage.MIXED),
        ("GitLab (more useful than GitHub’s organizations)", Advantage.MIXED),
        ("GitLab has a dashboard; GitHub’s capability is limited", Advantage.MIXED),
        ("GitLab is behind here", Advantage.MIXED),
        ("Better than GitLab", Advantage.MIXED),
        ("Depends on the team", Advantage.UNSTATED),
        ("Not clear", Advantage.UNSTATED),
    ],
)
def test_who_is_ahead_is_us_only_when_nothing_speaks_against_it(
    said: str, expected: Advantage
) -> None:
    """In doubt a claim of a win must not be supported."""
    assert advantage_of(said, "GitHub", "GitLab") is expected


def test_a_name_nobody_introduced_is_not_ours() -> None:
    """Without knowing our own name, a name is no win."""
    assert advantage_of("GitLab (fewer requirements)", "GitHub", None) is Advantage.UNSTATED


def rows(*winners: str, competitor: str | None = "Meridant") -> list[dict[str, str | None]]:
    return [
        {"competitor": competitor, "us": "Corvane has it.", "them": "No.", "advantage": winner}
        for winner in winners
    ]


def test_our_name_is_learnt_from_a_whole_table() -> None:
    """It opens the verdicts, and it stands in our column."""
    assert vendor_of(rows("Corvane", "Corvane (faster)", "Meridant", "Similar")) == "Corvane"


@pytest.mark.parametrize(
    "table",
    [
        rows("Corvane"),
        rows("Meridant", "Meridant"),
        rows("Corvane", "Corvane", competitor=None),
        rows("Pellicom", "Pellicom", "Pellicom"),
        [],
    ],
)
def test_our_name_is_not_guessed_from_little(table: list[dict[str, str | None]]) -> None:
    """Once is chance, a rival is a rival, and a name our column never says isn't ours."""
    assert vendor_of(table) is None


def test_a_mapping_file_names_the_columns(tmp_path: Path) -> None:
    """Given columns come before guessed ones; ``kind`` may name a kind."""
    path = tmp_path / "map.yaml"
    path.write_text(
        "title: Account\ntext: [Pitch, Proof]\nkind: case_study\nsector: Branche\nvendor: Corvane\n"
    )
    mapping = Mapping.load(path)
    item = evidence(
        {"Account": "Nordhavn", "Pitch": "A.", "Proof": "B.", "Branche": "retail", "text": "No."},
        mapping,
    )
    assert (item.title, item.kind, item.sector) == ("Nordhavn", Kind.CASE_STUDY, "retail")
    assert item.text.endswith("Pitch: A.\n\nProof: B.")
    assert "No." not in item.text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("- a", "a mapping has lines of the form"),
        ("a: [", "can't be read as YAML"),
        ("tittle: Name", "no field is called 'tittle'"),
        ("vendor: [", "can't be read as YAML"),
    ],
)
def test_a_bad_mapping_file_says_what_is_wrong(tmp_path: Path, content: str, says: str) -> None:
    """In one line, with the fields there are."""
    path = tmp_path / "map.yaml"
    path.write_text(content)
    with pytest.raises(InvalidEvidence, match=says) as caught:
        Mapping.load(path)
    assert "\n" not in str(caught.value)


def test_columns_nobody_asked_for_stay_out() -> None:
    """An export may hold what no customer should read."""
    item = evidence({"title": "A", "text": "Fine.", "internal_notes": "They get 40% off."})
    assert "40%" not in item.model_dump_json()


def test_words_for_who_may_read_it_are_never_guessed() -> None:
    """Confidential is internal; an unknown word is refused."""
    assert evidence({"text": "A.", "visibility": "Confidential"}).visibility is Visibility.INTERNAL
    with pytest.raises(InvalidEvidence, match="visibility"):
        evidence({"text": "A.", "visibility": "some"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (850, 850), ("900 Globally", 900), ("600+\n", 600), ("1,200", 1200), ("2.300", 2300),
        ("1 500 people", 1500), ("5k", 5000), ("1.2k", 1200), ("50-200", 50), ("Enterprise", None),
        (None, None), (True, None), ("9" * 40, None),
    ],
)  # fmt: skip
def test_sizes_are_read_as_people_write_them(value: Any, expected: int | None) -> None:
    """The first whole number, or none."""
    assert as_number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-01", date(2026, 3, 1)), ("2026-03-01T08:00:00Z", date(2026, 3, 1)),
        ("1.3.2026", date(2026, 3, 1)), ("1 March 2026", date(2026, 3, 1)),
        ("March 1, 2026", date(2026, 3, 1)), ("2026-03", date(2026, 3, 1)),
        ("2021-01-03 13:38:08+00:00", date(2021, 1, 3)), ("", None), (None, None),
    ],
)  # fmt: skip
def test_dates_are_read_when_they_mean_one_day(value: Any, expected: date | None) -> None:
    """A month means its first day: an expiry is never read later than it is."""
    assert as_date("as_of", value) == expected


@pytest.mark.parametrize("value", ["03/04/2026", "soon", "2026-02-30", "Q3 2026"])
def test_a_date_that_may_mean_two_days_is_refused(value: str) -> None:
    """With the form to write it in."""
    with pytest.raises(InvalidEvidence, match="write it as 2026-11-23"):
        as_date("as_of", value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10&#44;464", "10,464"), (["CI", "CD"], "CI, CD"), ({"a": "9x", "b": "up"}, "9x up"),
        ([{"by": "Ada", "text": "Good."}], "Good. — Ada"), ("\ud800", "?"), (None, ""), (3, "3"),
        ([[[[[["deep"]]]]]], ""),
    ],
)  # fmt: skip
def test_any_cell_becomes_text(value: Any, expected: str) -> None:
    """Lists and small records read as a person would write them."""
    assert as_text(value) == expected
