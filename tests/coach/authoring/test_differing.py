"""What the studio shows beside a text: what changed in it, and whom a rep will meet."""

from __future__ import annotations

from coach.authoring.differing import changes
from coach.authoring.previewing import met_in
from coach.authoring.reading import scenario_of
from coach.authoring.starting import started


def test_changes_stand_with_a_few_lines_around_them_and_both_numbers() -> None:
    """Two places far apart are two groups; the same text has none."""
    before = "\n".join(f"line {n}" for n in range(1, 31))
    after = before.replace("line 2\n", "line two\nand a half\n").replace("line 29", "line 29!")
    first, second = changes(before, after)
    told = [(line.kind, line.old, line.new, line.text) for line in first]
    assert told[:4] == [
        ("same", 1, 1, "line 1"),
        ("gone", 2, None, "line 2"),
        ("new", None, 2, "line two"),
        ("new", None, 3, "and a half"),
    ]
    assert [line.new for line in second if line.kind == "new"] == [30]
    assert changes(before, before) == []


def test_everybody_opens_in_words_of_the_scenario() -> None:
    """With the slots filled, and the same each time."""
    scenario = scenario_of(started("mine"), "mine")
    people = met_in(scenario)
    assert [met.persona.id for met in people] == [one.id for one in scenario.personas]
    assert all(met.opening and "{" not in met.opening for met in people)
    assert met_in(scenario) == people
