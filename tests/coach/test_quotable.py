"""Which sentences may be quoted alone, and what they prove."""

from __future__ import annotations

import pytest

from coach.suggestion.proof import quotable, speaker_of, whole
from coach.suggestion.standing import section_at, stands_alone, strength
from knowledge.evidence import Evidence, Kind
from tests.canned import AT

STORY = Evidence(
    id="case-brandt",
    kind=Kind.CASE_STUDY,
    title="Brandt Mills answers more calls",
    customer="Brandt Mills",
    text=(
        "## Situation\n\nCallers to Brandt Mills waited 9 minutes on average in 2024.\n\n"
        "## What was done\n\nBrandt Mills ran both systems side by side for 30 days. "
        "The technicians also trained two people. They liked it.\n\n"
        "## Result\n\nBrandt Mills cut the wait from 9 to 3 minutes within a year. "
        "We were glad to see it. “Nobody rang twice,” says Ada Brandt, owner of Brandt Mills."
    ),
)


def test_a_story_is_quoted_from_what_was_done_and_what_came_of_it() -> None:
    """Not how things were before, and nothing that needs the sentence before it."""
    found = [STORY.text[a:b] for a, b in quotable(whole(STORY), AT.date())]
    assert found == [
        "Brandt Mills ran both systems side by side for 30 days.",
        "Brandt Mills cut the wait from 9 to 3 minutes within a year.",
        "“Nobody rang twice,” says Ada Brandt, owner of Brandt Mills.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "The customers logged their own time, so the figure is a guide.",
        "They moved to Brandt Mills within two weeks.",
        "No support job at Brandt Mills was cut by that sale.",
        "Of these 40 customers 12 kept the line of Brandt Mills.",
        "We had never heard of Brandt Mills before then.",
        "Brandt Mills set up another queue for the night shift.",
        "“Nobody rang twice, says Ada Brandt of Brandt Mills.",
        "Brandt Mills waited longer than 9 minutes for one call in ten.",
        "Fewer calls, happier people at Brandt Mills",
        "Brandt Mills agreed.",
    ],
)
def test_what_leans_on_other_words_is_not_quoted(sentence: str) -> None:
    """Pronouns, "that", nameless subjects, somebody's "we", half quotations, losses, headings."""
    assert not stands_alone(sentence, STORY)


@pytest.mark.parametrize(
    "sentence",
    [
        "Brandt Mills cut the wait from 9 to 3 minutes within a year.",
        "The owner of Brandt Mills rang two references herself.",
        "After the first year a customer can end any Brandt Mills contract.",
        "A pilot runs for 30 days at one site and costs nothing.",
        "10x more builds a day at Brandt Mills",
    ],
)
def test_what_names_its_subject_stands_alone(sentence: str) -> None:
    """A name early, an offer to anybody, or a line that tells a gain in figures."""
    assert stands_alone(sentence, STORY)


def test_a_testimonial_may_say_we_since_it_says_who_speaks() -> None:
    """Who speaks goes along, without the remarks in brackets."""
    said = "We were afraid of the change. It took a morning."
    text = f"{said}\n\n— Ada Brandt, Owner, Brandt Mills (food, 40 employees)"
    item = Evidence(id="quote", kind=Kind.TESTIMONIAL, title="On the change", text=text)
    span = speaker_of(item)
    assert span
    assert text[slice(*span)] == "Ada Brandt, Owner, Brandt Mills"
    assert (0, len(said)) in quotable(whole(item), AT.date())


def test_a_result_with_its_figure_proves_most() -> None:
    """More than what was done, which proves more than a line without a full stop."""
    result = "Brandt Mills cut the wait from 9 to 3 minutes within a year."
    done = "Brandt Mills ran both systems side by side for 30 days."
    at, before = STORY.text.index(result), STORY.text.index(done)
    assert section_at(STORY.text, at) == "Result"
    assert section_at(STORY.text, before) == "What was done"
    assert strength(result, STORY, at) > strength(done, STORY, before)
    assert strength(done, STORY, before) > strength("Brandt Mills did it", STORY, before)
