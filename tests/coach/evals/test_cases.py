"""Cases of evals as trainers write them: read with line and field, graded by code alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from coach.assessment import Assessment, Check, Verdict
from coach.authoring.yaml_text import parse
from coach.errors import BadInput
from coach.evals.case import SHIPPED, Expected, Label, case_schema, read_cases
from coach.evals.grading import Grade, judge_grades, suggestion_grades, voice_grades
from coach.evals.report import as_line, from_line, report_of
from coach.evals.running import Result
from coach.evals.watching import shuffled
from coach.models import Job
from coach.prompting.overhearing import asked_in
from coach.scenario_book import load_scenarios
from coach.session import Speaker, Turn
from coach.suggestion import Advice, CitedClaim, Style, Suggestion
from coach.suggestion.objections import ObjectionGuess
from tests.canned import AT

BOOK = load_scenarios()
UNKNOWN = BOOK.get("trust-unknown")


def failed(grades: object) -> dict[str, str]:
    return {g.name: g.says for g in grades if not g.passed}  # type: ignore[attr-defined]


def said(text: str, act: str = "doubt") -> Turn:
    return Turn(2, Speaker.BUYER, text, AT, act=act)


def test_the_shipped_cases_cover_every_scenario_and_job() -> None:
    """At least forty, every scenario worded and judged, and every file fits the schema."""
    cases = read_cases([SHIPPED], BOOK)
    assert len(cases) >= 40
    for job in (Job.VOICE, Job.JUDGE):
        of = {case.scenario for case in cases if case.job is job}
        assert of == {scenario.id for scenario in BOOK.all()}, job
    labels = [set(case.expect.labels.values()) for case in cases if case.job is Job.JUDGE]
    mixed = sum(Label.NO in one and len(one) > 1 for one in labels)
    assert mixed >= len(labels) / 2, "a judge that likes or dislikes a whole reply must be wrong"
    schema = Draft202012Validator(case_schema())
    for file in SHIPPED.glob("*.yaml"):
        schema.validate(parse(file.read_text(encoding="utf-8")).value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cases:\n  - id: a\n    job: voice\n    scenario: nowhere\n    said: [Hello]\n",
         "own.yaml line 4: cases.0.scenario: there is no scenario 'nowhere'"),
        ("cases:\n  - id: a\n    job: voice\n    scenario: interest\n",
         "own.yaml line 2: cases.0: a case of voice needs a scenario and said"),
        ("cases:\n  - id: a\n    job: judge\n    scenario: interest\n    said: [Hello]\n"
         "    expect:\n      labels: {smiles: 'yes'}\n",
         "own.yaml line 7: cases.0.expect.labels.smiles: interest has no such check; it has: "),
        ("cases:\n  - id: a\n    job: suggest\n    objektion: No.\n", "own.yaml line 4: cases.0."),
        ("cases: [\n", "own.yaml line 2: "),
        ("cases:\n" + "  - {id: a, job: suggest, objection: N}\n" * 2, "the id a is used 2 times"),
    ],
)  # fmt: skip
def test_a_bad_case_is_told_by_file_line_and_field(tmp_path: Path, text: str, told: str) -> None:
    """Nothing is run before every file holds."""
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_cases([tmp_path], BOOK)
    assert refused.value.message.startswith(told)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("As an AI I can't have worries.", "in_role"),
        ("Seller: we can help you with that.", "in_role"),
        ("All right, you've convinced me, where do I sign?", "gives_nothing_away"),
        ("My 731 people would never use it.", "invents_no_figure"),
        ("Read it at https://example.org first.", "plain_words"),
        ("Then tell me of the zeppelin.", "never_says"),
        (UNKNOWN.concerns[-1].card, "keeps_secrets"),
    ],
)
def test_what_a_buyer_may_not_say_is_found(text: str, grade: str) -> None:
    """Each grade by itself, and a plain line of the scenario passes them all."""
    from coach.prompting.overhearing import begun  # noqa: PLC0415

    state = begun(UNKNOWN, UNKNOWN.difficulty).state
    expect = Expected(never=("zeppelin",))

    def grades(words: str) -> dict[str, str]:
        turn = Turn(2, Speaker.BUYER, words, AT, act="doubt", state=state)
        return failed(voice_grades(UNKNOWN, (), turn, expect))

    assert grade in grades(text)
    assert grades(UNKNOWN.concerns[0].doubt[0]) == {}


def test_suggestions_are_held_to_their_quotes() -> None:
    """A figure outside a quote, a quote that isn't there, and silence where proof was due."""
    texts = {"a": "Nordhavn cut missed calls from 18% to 6%."}
    honest = CitedClaim(texts["a"], "a", texts["a"], (0, len(texts["a"])))
    lying = CitedClaim("They cut 90%.", "a", "They cut 90%.", (0, 13))

    def grades(text: str, *claims: CitedClaim, cites: bool = True) -> dict[str, str]:
        suggestion = Suggestion(Style.CONCISE, text, claims, "What would help?", "A call")
        advice = Advice(ObjectionGuess("trust", "trust-unknown", 0.9), (suggestion,))
        return failed(suggestion_grades(advice, "Why you?", texts, Expected(cites=cites)))

    assert grades(texts["a"], honest) == {}
    assert set(grades("They cut 90%.", lying)) == {"quotes_exist"}
    assert "facts_are_quoted" in grades("4,300 hospitals use us.", honest)
    assert grades("It is fair to ask.") == {"cites_as_expected": "nothing is cited"}


def test_a_judge_is_graded_label_by_label() -> None:
    """A check that it left out counts against it; an invented quote too."""
    checks = (
        Check("asked", "?", Verdict.YES, "What helps?", (0, 11), ""),
        Check("kind", "?", Verdict.NO, "not in it", (0, 9), ""),
    )
    expect = Expected(
        labels={"asked": Label.NOT_BROKEN, "kind": Label.NOT_BROKEN, "other": Label.NO}
    )
    grades = list(judge_grades("What helps?", Assessment(True, checks=checks), expect))
    assert [grade.passed for grade in grades] == [True, False, False, False]
    assert grades[1].says == "kind: no, labelled not_broken"


def test_no_order_helps_a_model() -> None:
    """What it may choose from comes in an order of its own, the same in every run."""
    given = next(given for name, given in asked_in(UNKNOWN, ()) if name.startswith("judge/"))
    once, again = shuffled(given), shuffled(given | {"rubric": given["rubric"][::-1]})
    assert once == again
    assert once["rubric"] != given["rubric"]
    assert sorted(map(str, once["rubric"])) == sorted(map(str, given["rubric"]))


def test_a_report_counts_and_prices() -> None:
    """Own words count; a price makes money of tokens; a line gives the result back."""
    good = Result("m", "a", "d", "voice", grades=(Grade("in_role", True),), tokens_in=2_000_000)
    bad = Result("m", "b", "d", "voice", own_words=False, note="It made up a number")
    assert from_line(as_line(bad)) == bad
    report = report_of([good, bad], ["embedded", "m"], {"m": {"input": 0.5, "output": 2}}, {})
    (share,) = report["jobs"]
    assert (share["passed"], share["of"]) == (1, 2)
    assert [cost["money"] for cost in report["costs"]] == [None, 1.0]
    assert report["failures"][0]["wrong"] == ["own_words (It made up a number)"]
