"""A trainer's file is read with the line of every fault, and nothing in it can do harm."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.authoring.reading import read_scenario, scenario_of
from coach.authoring.schema import scenario_schema
from coach.authoring.starting import blank, copied, started
from coach.authoring.writing import as_yaml, yaml_of
from coach.authoring.yaml_text import LARGEST, parse
from coach.errors import BadInput
from coach.scenario import Scenario
from coach.scenario_book import SCENARIOS, load_scenarios

ALL = load_scenarios().all()
START = started("mine")


def faults_of(text: str) -> list[tuple[int | None, str]]:
    return [(fault.line, str(fault)) for fault in read_scenario(text).faults]


def line_with(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_every_fault_is_told_at_once_each_with_its_line() -> None:
    """Not the first only: a trainer mends them all and comes back once."""
    text = (
        START.replace("minutes: 10", "minutes: soon")
        .replace("temperament: brisk", "temper: brisk")
        .replace("weight: 3", "weight: 7")
    )
    text = text.replace("We'd rather look at this", "{organization} would rather look")
    told = faults_of(text)
    assert (line_with(text, "minutes: soon"), "minutes: must be a whole number") in told
    line = line_with(text, "temper: brisk")
    no_field = "personas.2.temper: there is no such field; did you mean 'temperament'?"
    assert (line, no_field) in told
    assert any(said == "personas.2.temperament: is missing" for _, said in told)
    weight = "concerns.1.weight: Input should be less than or equal to 3"
    assert (line_with(text, "weight: 7"), weight) in told
    slot = next(said for n, said in told if n == line_with(text, "{organization}"))
    assert "unknown slot ['organization']" in slot
    assert len(told) == 5


def test_a_rubric_that_names_what_isnt_there_is_told_where_it_does() -> None:
    """With the rule that was probably meant."""
    text = START.replace('"need:no-time-now/small-effort"', '"need:no-time-now/small-efort"')
    (line, said), *others = faults_of(text)
    assert not others
    assert line == line_with(text, "small-efort")
    assert said.startswith("rubric.2.yes.0: rubric 'makes-it-small' names unknown")
    assert said.endswith("did you mean 'need:no-time-now/small-effort'?")


def test_ids_that_stand_twice_are_told_each() -> None:
    """Of personas, concerns, needs and checks alike."""
    text = START.replace("id: jonas-reuter", "id: helen-marsh").replace(
        "id: their-calendar", "id: small-effort"
    )
    assert [said for _, said in faults_of(text)] == [
        "personas.1.id: another of these has the id 'helen-marsh' too",
        "concerns.0.needs.1.id: another of these has the id 'small-effort' too",
    ]


def test_a_field_that_stands_twice_is_told() -> None:
    """YAML would take the last one in silence."""
    text = START + "minutes: 20\n"
    assert faults_of(text) == [
        (text.count("\n"), "minutes: stands twice; only the last would count")
    ]


def test_words_stay_words() -> None:
    """A rubric's yes and no, a time of day and a date are what they look like."""
    assert parse("{yes: no, at: 12:30, on: 2026-03-01, n: 5, ok: true}").value == {
        "yes": "no",
        "at": "12:30",
        "on": "2026-03-01",
        "n": 5,
        "ok": True,
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is empty"),
        ("id: x\n  title: [", "not YAML"),
        ("a: &a [*a]", "nested more than 30 deep"),
        ("[" * 200_000, "nested more than 30 deep"),
        ("- " * 100_000 + "x", "nested more than 30 deep"),
        ("a: !!python/object/apply:os.system [ls]", "not YAML: could not determine"),
        ("? [a]\n: b", "a field's name must be a word"),
        ("id: \x00", "not YAML"),
        ("- a", "must be fields with their values"),
        ("x" * (LARGEST + 1), "a scenario has at most"),
        ('{"id": ' + "[" * 100_000, "nested"),
        ("a: 1\n--- \nb: 2", "not YAML"),
    ],
)
def test_what_is_no_scenario_is_one_fault(text: str, told: str) -> None:
    """Towers that would kill the parser, loops, tags that run code."""
    (fault, *_others) = read_scenario(text).faults
    assert told in fault.msg


def test_a_bomb_of_aliases_is_refused_before_it_goes_off() -> None:
    """Nine to the ninth values, in four hundred characters."""
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    rows = [f"{n}: &{n} [{','.join([f'*{m}'] * 9)}]" for m, n in pairs]
    text = "a: &a [" + ",".join(["x"] * 9) + "]\n" + "\n".join(rows)
    (fault,) = read_scenario(text).faults
    assert fault.msg.startswith("more than 20,000 values")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=300))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    """It says what is wrong, and raises nothing."""
    assert read_scenario(text).faults


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_what_is_written_is_read_back(scenario: Scenario) -> None:
    """As YAML and as JSON, to the same fingerprint."""
    assert scenario_of(as_yaml(scenario), "x") == scenario
    as_json = json.dumps(scenario.model_dump(mode="json", exclude_defaults=True))
    assert scenario_of(as_json, "x").fingerprint == scenario.fingerprint


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.text("abc yes08.:-#{}'\n~", max_size=8), st.text(max_size=20)))
def test_any_text_survives_being_written(fields: dict[str, str]) -> None:
    """What looks like a number, a boolean or a comment comes back as the text it is."""
    writable = {k: v for k, v in fields.items() if v.isprintable()}
    text = yaml_of(writable)
    if writable and not text.lstrip().startswith("{"):
        assert parse(text).value == writable


def test_a_fingerprint_is_of_the_content_and_not_of_its_version() -> None:
    """The same words under another number are the same to play with."""
    first = ALL[0]
    assert first.model_copy(update={"version": 9}).fingerprint == first.fingerprint
    other = first.with_guest(ALL[1].personas[0])
    assert other.fingerprint != first.fingerprint


def test_json_has_no_lines() -> None:
    """They would be a program's, not a person's."""
    (fault, *_others) = read_scenario('{"id": "Mine"}').faults
    assert fault.line is None
    assert fault.loc == ("id",)


@pytest.mark.parametrize("make", [started, blank], ids=lambda make: make.__name__)
def test_a_new_file_is_valid_and_names_its_schema(make: object) -> None:
    """An editor helps from the first line on."""
    text = make("mine")  # type: ignore[operator]
    assert text.startswith("# yaml-language-server: $schema=scenario.schema.json\n")
    assert scenario_of(text, "mine").id == "mine"


def test_a_copy_keeps_the_comments_and_begins_at_version_one() -> None:
    """Under its own id."""
    source = (SCENARIOS / "interest.yaml").read_text(encoding="utf-8")
    copy, shipped = copied("mine", source), load_scenarios().get("interest")
    found = scenario_of(copy, "mine")
    assert (found.id, found.version) == ("mine", 1)
    same = {"id": shipped.id, "version": shipped.version}
    assert found.model_copy(update=same) == shipped
    assert source.splitlines()[0] in copy


def test_the_schema_takes_what_ships_and_refuses_what_is_wrong() -> None:
    """The published JSON Schema and the reader agree."""
    schema = scenario_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema)
    for text in (START, *(p.read_text(encoding="utf-8") for p in SCENARIOS.glob("*.yaml"))):
        assert not list(judge.iter_errors(parse(text).value))
    for wrong in ("kind: tactical", "minutes: 10"):
        broken = START.replace(wrong, f"{wrong.split(':')[0]}: nonsense")
        assert list(judge.iter_errors(parse(broken).value))


def test_the_first_fault_is_the_message() -> None:
    """With file, line and field, and how many more there are."""
    text = START.replace("minutes: 10", "minutes: soon").replace("weight: 3", "weight: 7")
    line = line_with(text, "minutes: soon")
    with pytest.raises(BadInput) as caught:
        scenario_of(text, "mine.yaml")
    assert caught.value.message == (
        f"mine.yaml line {line}: minutes: must be a whole number (and 1 more)"
    )
    assert caught.value.errors[0] == {
        "loc": ["minutes"],
        "line": line,
        "msg": "must be a whole number",
    }
