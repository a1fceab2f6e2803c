"""The image and the compose file as far as they can be held to something without Docker."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from api.cli import app
from coach.settings import load_settings

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SETTINGS = (ROOT / "coach" / "settings.py").read_text(encoding="utf-8")
LAST_STAGE = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def test_every_image_is_pinned() -> None:
    """To a release, not to whatever is newest that day."""
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    images += [one["image"] for one in COMPOSE["services"].values() if "image" in one]
    assert len(images) == 4
    for image in images:
        assert re.search(r":\d+\.\d+(\.\d+)?(-[\w.-]+)?$", image), image


def test_chroma_serves_what_the_client_speaks() -> None:
    """The server has the version of the client in pyproject."""
    client = re.search(r'"chromadb==([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert client
    assert COMPOSE["services"]["chroma"]["image"].endswith(f":{client[1]}")


def test_it_does_not_run_as_root_and_says_how_it_is() -> None:
    """Who breaks out of the coach is nobody; what builds it stays in the first stage."""
    assert re.search(r"^USER coach$", LAST_STAGE, re.MULTILINE)
    assert "HEALTHCHECK" in LAST_STAGE
    assert "/healthz" in LAST_STAGE
    for tool in ("apt-get", "pip install", "gcc", "COPY . "):
        assert tool not in LAST_STAGE
    assert LAST_STAGE.index("USER coach") < LAST_STAGE.index("CMD [")


def test_what_it_copies_is_there() -> None:
    """And all that is imported is copied."""
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    assert {"api", "coach", "knowledge", "prompts", "requirements.lock"} <= names
    for name in names:
        assert (ROOT / name).exists(), name


def test_it_starts_a_command_that_exists() -> None:
    """With options that it has."""
    (line,) = re.findall(r"^CMD (\[.+\])$", LAST_STAGE, re.MULTILINE)
    _, name, *options = yaml.safe_load(line)
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    known = {flag for parameter in command.params for flag in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= known


def test_settings_of_the_compose_file_are_read(tmp_path: Path) -> None:
    """No variable is misspelt, and the values make sense to the coach."""
    given: dict[str, str] = COMPOSE["services"]["coach"]["environment"]
    read = set(re.findall(r'"((?:COACH|OPENAI)_\w+)"', SETTINGS))
    assert set(given) <= read
    env = {name: re.sub(r"\$\{[^}]*\}", "secret", value) for name, value in given.items()}
    settings = load_settings(tmp_path, env)
    assert settings.database.startswith("postgresql://")
    assert settings.index_place == "http://chroma:8000"


@pytest.mark.parametrize("name", ["db", "chroma"])
def test_stores_are_not_reached_from_outside(name: str) -> None:
    """Chroma has no password at all."""
    service = COMPOSE["services"][name]
    assert "ports" not in service
    assert service["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert not re.search(r"PASSWORD: +[^$\s]", (ROOT / "compose.yaml").read_text())
