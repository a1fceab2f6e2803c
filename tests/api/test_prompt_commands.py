"""``coach prompts`` on a terminal."""

from __future__ import annotations

import json

import pytest

import prompts
from api import prompt_commands
from coach.settings import Settings
from tests.api.conftest import Run


def test_prompts_are_listed_shown_and_compared(run: Run, settings: Settings) -> None:
    """A file of the team's own is told apart by origin and hash, and its changes are shown."""
    name = "judge/assess.v1"
    ours = prompts.shipped(name)
    file = settings.home / "prompts" / f"{name}.jinja"
    code, _, err = run("prompts", "diff", "judge/assess")
    assert (code, str(file) in err) == (2, True)
    assert run("prompts", "show", "judge/assess") == (0, ours, "")

    file.parent.mkdir(parents=True)
    file.write_text(ours.replace("You check one reply", "You check a reply"), encoding="utf-8")
    listed = {one["name"]: one for one in json.loads(run("prompts", "list", "--json")[1])["items"]}
    assert listed[name]["origin"] == "own"
    assert listed[name]["hash"] == prompts.hash_in(file.read_text(encoding="utf-8"))
    assert listed[name]["variables"] == prompts.documented(name)
    assert {one["origin"] for key, one in listed.items() if key != name} == {"shipped"}
    lines = run("prompts", "diff")[1].splitlines()
    assert lines[:2] == [f"--- shipped/{name}", f"+++ own/{name}"]
    assert sum(line.startswith("-You check one reply") for line in lines) == 1
    assert run("prompts", "show", name, "--shipped")[1] == ours

    file.write_text("{% block system %}", encoding="utf-8")
    code, out, err = run("prompts", "show", name)
    assert (code, out) == (0, ours)
    assert err.startswith(f"coach: {file} line 1: ")
    assert "the shipped prompt is used instead" in err
    prompts.use({})


@pytest.mark.slow
def test_a_prompt_is_rendered_at_a_moment_of_a_talk(run: Run) -> None:
    """What the buyer said and what the seller answered stand in it, and no hidden card does."""
    code, out, err = run("prompts", "render", "judge/assess", "--scenario", "trust-true-rumour")
    assert code == 0, err
    assert "Is that fair?" in out
    assert "- owns-it: " in out
    assert run("prompts", "render", "judge/asses")[0] == 2


def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or a pipe gets none, whatever a template holds."""
    assert prompt_commands._coloured("+\x1b[31mred\n") == "+[31mred\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert prompt_commands._coloured("+new\n") == "\x1b[32m+new\x1b[0m\n"
