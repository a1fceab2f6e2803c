"""One model for all jobs, or one a job; keys stay with the servers they are for."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.errors import Misconfigured
from coach.model_settings import Choice, ModelSettings
from coach.models import Job
from coach.settings import load_settings

LOCAL = "http://127.0.0.1:8080/v1"


def read(**env: str) -> ModelSettings:
    return load_settings(Path("home"), env).models


def test_without_a_key_or_an_address_there_is_none() -> None:
    """A name alone asks nobody, unless it names a provider with a key of its own."""
    assert read().choices == read(COACH_MODEL="small").choices == {}
    claude = read(COACH_MODEL="anthropic:claude-x", OPENAI_API_KEY="sk-openai")
    assert claude.of(Job.VOICE) == Choice("anthropic:claude-x", None, None)


def test_one_model_does_every_job() -> None:
    """And the jobs share it."""
    found = read(COACH_MODEL="small", COACH_MODEL_URL=LOCAL, COACH_MODEL_TEMPERATURE="0.3")
    assert found.each() == {Choice("small", LOCAL, None, 0.3): list(Job)}


def test_a_job_may_have_its_own_and_another_none() -> None:
    """What isn't said of a job is what is said of all."""
    found = read(
        COACH_MODEL="small",
        OPENAI_API_KEY="sk-all",
        COACH_MODEL_SUGGEST="large",
        COACH_MODEL_JUDGE="embedded",
        COACH_MODEL_TEMPERATURE_VOICE="0.9",
    )
    assert found.of(Job.VOICE) == Choice("small", None, "sk-all", 0.9)
    assert found.of(Job.SUGGEST) == Choice("large", None, "sk-all")
    assert found.of(Job.JUDGE) is None


def test_a_key_goes_to_no_other_server(tmp_path: Path) -> None:
    """A job with a server of its own brings its own key, or none, and its own model."""
    (tmp_path / "key").write_text("sk-own\n")
    given = {"COACH_MODEL": "gpt", "OPENAI_API_KEY": "sk-all", "COACH_MODEL_URL_VOICE": LOCAL}
    assert read(**given).of(Job.VOICE) == Choice(None, LOCAL, None)
    assert read(**given).of(Job.JUDGE) == Choice("gpt", None, "sk-all")
    own = read(**given, COACH_MODEL_KEY_FILE_VOICE=str(tmp_path / "key"))
    assert own.of(Job.VOICE) == Choice(None, LOCAL, "sk-own")


def test_a_key_may_be_in_a_file(tmp_path: Path) -> None:
    """It is never shown, and a file without one is refused by name."""
    (tmp_path / "key").write_text("  sk-file\n")
    (tmp_path / "empty").write_text("\n")
    for name in ("OPENAI_API_KEY_FILE", "COACH_MODEL_KEY_FILE"):
        found = read(**{name: str(tmp_path / "key")}).of(Job.VOICE)
        assert found == Choice(None, None, "sk-file")
        assert "sk-file" not in repr(found)
        for wrong in ("empty", "missing"):
            with pytest.raises(Misconfigured, match=name):
                read(**{name: str(tmp_path / wrong)})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COACH_MODEL_URL", "127.0.0.1:8080"),
        ("COACH_MODEL_URL_JUDGE", "ftp://there"),
        ("COACH_MODEL_TIMEOUT", "soon"),
        ("COACH_MODEL_TIMEOUT", "-1"),
        ("COACH_MODEL_TEMPERATURE_VOICE", "3"),
        ("COACH_MODEL_BUDGET_DAY", "lots"),
        ("COACH_MODEL_BUDGET_SESSION", "nan"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    """In one line that says what it must be."""
    with pytest.raises(Misconfigured, match="COACH_MODEL") as caught:
        read(**{"OPENAI_API_KEY": "sk", name: value})
    assert "must" in caught.value.message


def test_a_budget_is_in_tokens() -> None:
    """Of a session and of a day; unset, there is none, and 0 is one."""
    found = read(COACH_MODEL_BUDGET_DAY="2_000_000", COACH_MODEL_BUDGET_SESSION="0").budget
    assert (found.day, found.session) == (2_000_000, 0)
    assert not read().budget.limits
