"""A team's own prompts: used when they hold in every scenario, and else told by file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import prompts
from api import doctor
from api.doctor import Verdict
from coach.prompting.overhearing import asked_in
from coach.prompting.own import FOLDER, take_up
from coach.scenario import Act
from coach.scenario_book import load_scenarios
from coach.settings import Settings
from prompts.fencing import fenced_in

JUDGE = "judge/assess.v1"
SCENARIOS = load_scenarios().all()


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    yield
    prompts.use({})


def written(home: Path, name: str, text: str) -> Path:
    file = home / FOLDER / f"{name}{prompts.SUFFIX}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def changed(old: str, new: str) -> str:
    source = prompts.shipped(JUDGE)
    assert old in source
    return source.replace(old, new, 1)


def test_an_own_prompt_takes_the_place_of_ours(tmp_path: Path) -> None:
    """What a model is told, and the hash that turns keep, are those of the file."""
    ours = prompts.hash_of(JUDGE)
    written(
        tmp_path, JUDGE, changed("You check one reply", "You, a strict trainer, check one reply")
    )
    assert take_up(tmp_path, SCENARIOS) == []
    told = prompts.render(JUDGE, rubric=[], buyer="Who are you?", reply="A coach.")
    assert told.system.startswith("You, a strict trainer")
    assert told.hash == prompts.hash_of(JUDGE) != ours
    assert prompts.is_own(JUDGE)
    take_up(tmp_path / "another home", SCENARIOS)
    assert prompts.hash_of(JUDGE) == ours


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{% for item in rubric %}", "{% for item in %}", "got 'end of statement block'"),
        ('fence("reply", reply)', 'fence("reply", replies)', "no variable 'replies'"),
        ('{{ fence("buyer", buyer) }}', "", "leaves out the variable 'buyer'"),
        ("{% block user %}", "{% block you %}", "needs a block: {% block user %}"),
        ("{{ item.question }}", "{{ item.riddle }}", "has no attribute 'riddle'"),
        ("{{ item.id }}", "{{ item.__class__ }}", "unsafe"),
        ("{{ item.id }}", "{{ rubric.append(1) }}", "of 'list' object is unsafe"),
        ("{{ item.id }}", "{{ range(10 ** 9) | list }}", "range"),
        ('{{ fence("reply", reply) }}', "{{ reply }}", "prints reply outside a fence"),
        ('{{ fence("reply", reply) }}', "{{ reply[:80] | upper }}", "put it in one"),
        ("- {{ item.id }}:", '- {{ item.id }} {{ fence(buyer, "") }}', "prints buyer outside"),
    ],
)
def test_a_prompt_that_does_not_hold_is_told_by_its_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, old: str, new: str, says: str
) -> None:
    """Ours is used instead, the log says so, and nothing of the process is within its reach."""
    file = written(tmp_path, JUDGE, changed(old, new))
    (fault,) = take_up(tmp_path, SCENARIOS[:1])
    absent = not new or "block" in new
    before = file.read_text(encoding="utf-8").partition(new)[0] if not absent else ""
    line = before.count("\n") + 1
    assert str(fault).startswith(f"{file} line {line}: ")
    assert says in fault.says
    assert "\n" not in str(fault)
    assert f"{fault}; the shipped prompt is used instead" in caplog.text
    assert not prompts.is_own(JUDGE)


def test_what_ours_fences_is_what_people_and_documents_wrote() -> None:
    """Found out from our own templates, and held here so that none of it slips out."""
    fenced: dict[str, frozenset[str]] = {}
    for name, given in asked_in(SCENARIOS[0], [Act.PRESS]):
        fenced[name] = fenced_in(name, given)
    assert fenced[JUDGE] == {"buyer", "reply"}
    assert {"history[].text", "core", "claim", "standing.promises[]"} <= fenced["buyer/reply.v3"]
    assert {"objection", "passages[].text", "situation.sector"} <= fenced["coach/suggest.v2"]
    assert fenced["coach/scenario.v1"] == {"facts[]", "lines[]", "topic"}


def test_a_file_that_replaces_nothing_is_told(tmp_path: Path) -> None:
    """An older version or a slip of the pen would otherwise be ignored in silence."""
    written(tmp_path, "judge/asess.v1", "{% block system %}x{% endblock %}")
    file = written(tmp_path, "buyer/notes.v1", "x")
    file.write_bytes(b"x\n\xff")
    faults = [str(fault) for fault in take_up(tmp_path, SCENARIOS[:1])]
    assert "line 2: is not UTF-8" in faults[0]
    assert "replaces no prompt; name it as one of these: buyer/" in faults[1]


def test_the_doctor_shows_a_broken_prompt(tmp_path: Path) -> None:
    """With what is used meanwhile and where to mend it."""
    written(tmp_path, JUDGE, "{% block system %}")
    found = {f.name: f for f in doctor.examine(Settings(home=tmp_path))}["prompts"]
    assert found.verdict is Verdict.BROKEN
    assert "the shipped one is" in found.says
    assert str(tmp_path / FOLDER) in found.todo


def test_every_template_renders_in_every_scenario_for_every_act() -> None:
    """With the very variables that the code gives it, and with no others documented."""
    acts = [act for act in Act if act is not Act.OPEN]
    for scenario in SCENARIOS:
        asked = asked_in(scenario, acts)
        assert {name for name, _ in asked} == set(prompts.names()), scenario.id
        assert len(asked) >= len(acts)
        for name, given in asked:
            assert given.keys() == prompts.documented(name).keys() == prompts.variables(name)
            assert prompts.render(name, **given).user
