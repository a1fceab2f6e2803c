"""What a trainer is told to look at again, and that nothing is told in vain."""

from __future__ import annotations

import pytest

from coach.authoring.proving import Prover
from coach.authoring.reading import read_scenario
from coach.authoring.review import review
from coach.authoring.starting import blank, started
from coach.perception import Perceiver
from coach.scenario_book import SCENARIOS
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder

START = started("mine")


def warnings_of(text: str) -> list[str]:
    reading = read_scenario(text)
    assert reading.scenario, reading.faults
    return [f"{fault.line} {fault}" for fault in review(reading)]


def line_with(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.yaml")), ids=lambda f: f.stem)
def test_what_ships_gives_no_reason_to_warn(file: object) -> None:
    """Nor does the file that a trainer starts from."""
    assert warnings_of(file.read_text(encoding="utf-8")) == []  # type: ignore[attr-defined]
    assert warnings_of(START) == []


def test_a_frame_is_all_still_to_do() -> None:
    """Each place where its author has to think."""
    text = blank("mine")
    assert sum("is still to do" in said for said in warnings_of(text)) == text.count("TODO")


def test_lines_that_are_few_or_repeat_are_told() -> None:
    """With the line that the words were first said in."""
    text = START.replace("      - Two colleagues are away, and the rest cover", "      - x\n#")
    text = text.replace(
        "      - The busy weeks begin in April", "      - HELLO again, I did like it.\n#"
    ).replace(
        "  - Hello again. I did like what you showed us.", "  - Hello again; I did like it!\n#"
    )
    told = warnings_of(text)
    place = "concerns.0.explain.1: says the same as opening.0; the buyer would repeat themselves"
    assert any(said.endswith(place) for said in told)
    few = START.replace("      - One person", "#")
    for line in ("There's one person", "We've an audit in May."):
        few = few.replace(f"      - {line}", f"#{line}")
    told = warnings_of(few)
    said = "concerns.0.explain: 3 lines are few for a long session; 5 or more last"
    assert told == [f"{line_with(few, 'explain:              #')} {said}"]


def test_a_line_that_gives_the_hidden_concern_away_is_told() -> None:
    """By the words that only the hidden concern has."""
    told = "I started a project last year that failed, and my director won't give money again."
    text = START.replace("Quick and practical", "Quick").replace(
        "We've a box in the cellar from 2014. It works, mostly.", told
    )
    (warning,) = warnings_of(text)
    assert warning.startswith(f"{line_with(text, told)} facts.0.say.0: gives away the hidden")


def test_what_can_never_be_said_or_asked_is_told() -> None:
    """A competitor in a line and none in the scenario; a fact about nothing; a rubric with gaps."""
    text = (
        START.replace("Thanks for calling. It's", "We have {competitor}. It's")
        .replace("topic: who decides about buying and who else is asked", "topic: and who")
        .replace("no: [push, disparage, discount]", "no: [discount]")
        .replace("objection: interest", "objection: intrest")
    )
    told = " | ".join(warnings_of(text))
    assert "opening.1: is never said: it needs {competitor}" in told
    assert "facts.1.topic: nobody can ask for this" in told
    assert "rubric: nothing here has a `no` for: push" in told
    assert "objection: 'intrest' is no type that is known: interest," in told


@pytest.fixture(scope="module")
def prover(retriever: HybridRetriever, embedder: MiniLMEmbedder) -> Prover:
    return Prover(retriever, Perceiver(embedder), "Corvane")


def proved(prover: Prover, text: str) -> list[str]:
    return [str(fault) for fault in prover.prove(read_scenario(text))]


def test_the_file_to_start_from_plays_as_it_is_meant(prover: Prover) -> None:
    """Every example is heard as one, every fact can be asked for, nothing is invented."""
    assert proved(prover, START) == []


def test_the_buyers_ear_and_the_evidence_find_what_the_text_cannot_tell(prover: Prover) -> None:
    """Figures that nobody can quote, facts that get another's answer, names nobody knows."""
    text = (
        START.replace("takes two hours of your time in the first week", "costs 731 EUR a week")
        .replace(
            "topic: what they liked about the demonstration and would use it for",
            "topic: what phone system they have now and how old it is",
        )
        .replace("vendor: Corvane", "vendor: Nordwind\ncompetitor: Nobodyever")
    )
    told = " | ".join(proved(prover, text))
    assert "vendor: claims are checked as Corvane's" in told
    assert "competitor: no evidence is about Nobodyever" in told
    assert "concerns.0.needs.0.about.3: no evidence near it has 731" in told
    assert "too near to something else; one gets 'present-system' instead" in told


def test_a_rumour_must_be_in_the_evidence_and_as_true_as_it_says(prover: Prover) -> None:
    """Its handling hangs on it."""
    text = (SCENARIOS / "trust-true-rumour.yaml").read_text(encoding="utf-8")
    wrong = text.replace("evidence: rumour-outage-2024", "evidence: rumour-2019")
    assert "rumour.evidence: no rumour 'rumour-2019' is in the evidence" in proved(prover, wrong)
    assert not [said for said in proved(prover, text) if said.startswith("rumour")]
    lied = text.replace("truth: true", "truth: false").replace('truth: "true"', 'truth: "false"')
    assert "rumour.truth: the evidence says that this rumour is true" in proved(prover, lied)
