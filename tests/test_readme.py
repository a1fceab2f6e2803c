"""The README can't drift: its commands, options and variables are those of the code.

Its two install commands are run by CI on a clean clone, read from this same file.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api.cli import app
from coach.errors import Misconfigured
from coach.settings import load_settings
from knowledge.evidence import Kind
from knowledge.reading.mapping import Mapping
from prompts import names

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_it_names_exists() -> None:
    """``coach something`` in the text is something that the CLI knows."""
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"`(?:\.venv/bin/)?coach ([a-z][a-z-]*)", README))
    assert named
    assert named <= known


def test_every_command_of_the_cli_is_named() -> None:
    """Nothing is hidden from the reader."""
    for command in get_command(app).commands:  # type: ignore[attr-defined]
        assert f"coach {command}" in README, command


def test_the_configuration_table_is_complete() -> None:
    """Each variable that settings read has a row, and each row is read.

    What is said of the voice's model holds of those of the other jobs.
    """
    rows = set(re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE))
    read: set[str] = set()
    sign_on = {  # the others of its kind are only read with these
        "COACH_OIDC_ISSUER": "https://sign-on.example",
        "COACH_OIDC_CLIENT_ID": "coach",
        "COACH_OIDC_CLIENT_SECRET": "secret",
    }

    class Recording(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            read.add(name)
            return super().get(name, default)

    load_settings(None, Recording(sign_on))
    assert rows == {name for name in read if not name.endswith(("_SUGGEST", "_JUDGE"))}


def test_the_marked_commands_are_one_line_each() -> None:
    """CI takes them from here."""
    for mark in ("install-and-run", "test"):
        block = re.search(rf"<!-- {mark} -->\n```sh\n(.+?)\n```", README, re.DOTALL)
        assert block
        assert "\n" not in block.group(1)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:coach|tests)/[\w/.]+)`", README))))
def test_every_file_it_names_exists(path: str) -> None:
    """A newcomer who follows a path arrives."""
    assert (ROOT / path).exists()


def test_every_picture_is_there() -> None:
    """No broken image."""
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file()


def test_prompts_are_versioned() -> None:
    """A prompt's name carries its version."""
    assert all(re.search(r"\.v\d+$", name) for name in names())


def test_a_bad_setting_is_named(tmp_path: Path) -> None:
    """The message says which variable to mend."""
    with pytest.raises(Misconfigured, match="COACH_MODEL_URL"):
        load_settings(tmp_path, {"COACH_MODEL_URL": "localhost:8080"})
    with pytest.raises(Misconfigured, match="COACH_MODEL_TIMEOUT"):
        load_settings(tmp_path, {"COACH_MODEL_TIMEOUT": "soon"})


def test_the_mapping_it_shows_is_one_that_loads(tmp_path: Path) -> None:
    """The YAML block can be copied as it stands."""
    block = re.search(r"```yaml\n(.+?)```", README, re.DOTALL)
    assert block
    path = tmp_path / "map.yaml"
    path.write_text(textwrap.dedent(block.group(1)), encoding="utf-8")
    found = Mapping.load(path)
    assert found.kind is Kind.CASE_STUDY
    assert found.columns["text"] == ("Story", "Outcome")
    assert found.vendor == "Your company"
