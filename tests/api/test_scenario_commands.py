"""`coach scenario`: from a new file to a talk, for people and for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import Run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def new(run: Run, tmp_path: Path) -> Path:
    code, out, err = run("scenario", "new", "mine")
    assert (code, err) == (0, "")
    assert "coach scenario validate mine.yaml" in out
    return tmp_path / "mine.yaml"


def change(file: Path, old: str, new: str) -> int:
    """The line on which the change is."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_new_file_comes_with_its_schema_and_takes_nobodys_place(run: Run, new: Path) -> None:
    """The first line names the schema for the editor."""
    first = new.read_text(encoding="utf-8").splitlines()[0]
    schema = json.loads((new.parent / first.partition("$schema=")[2]).read_text(encoding="utf-8"))
    code, out, _ = run("scenario", "schema")
    assert (code, json.loads(out)) == (0, schema)
    code, _, err = run("scenario", "new", "mine")
    assert (code, err) == (2, "coach: mine.yaml is there already; choose another name with -o\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["new", "Not An Id"], "an id is small letters"),
        (["new", "x", "--from", "nothing"], "there is no scenario 'nothing'"),
        (["new", "x", "--from", "interest", "--blank"], "choose one of them"),
        (["new", "x", "-o", "no/such/folder/x.yaml"], "can't be written"),
        (["validate", "absent.yaml"], "can't be read"),
        (["export", "nothing", "-o", "b.zip"], "there is no scenario 'nothing'"),
        (["import", "absent.zip"], "can't be read"),
        (["draft"], "draft either --from-evidence ID or --battlecard FILE"),
        (["draft", "--battlecard", "absent.csv"], "absent.csv"),
    ],
)
def test_misuse_is_told_in_one_line(run: Run, arguments: list[str], told: str) -> None:
    """With what to do."""
    code, _, err = run("scenario", *arguments)
    assert code in (1, 2)
    assert told in err.splitlines()[-1]
    assert "Traceback" not in err


def test_validate_names_file_line_and_field_of_each_fault(run: Run, new: Path) -> None:
    """And fails; a program reads the same as JSON."""
    first = change(new, "minutes: 10", "minutes: soon")
    second = change(new, "temperament: brisk", "temperament: brusque")
    code, out, _ = run("scenario", "validate", "mine.yaml")
    assert code == 1
    assert out.splitlines() == [
        f"mine.yaml:{first}: error: minutes: must be a whole number",
        f"mine.yaml:{second}: error: personas.2.temperament: 'brusque' isn't one of warm, brisk, "
        "analytical, guarded, blunt",
        "mine.yaml is not valid (2 errors).",
    ]
    code, out, _ = run("scenario", "validate", "mine.yaml", "--json")
    (item,) = json.loads(out)["items"]
    assert (code, item["valid"], item["errors"][0]["line"]) == (1, False, first)


def test_warnings_fail_only_who_wants_it_strict(run: Run, new: Path) -> None:
    """A valid file is shown to the evidence and the buyer's ear too."""
    assert run("scenario", "validate", "mine.yaml")[:2] == (0, "mine.yaml is valid.\n")
    line = change(new, "objection: interest", "objection: intrest")
    code, out, _ = run("scenario", "validate", "mine.yaml", "--offline")
    assert code == 0
    assert out.startswith(f"mine.yaml:{line}: warning: objection: 'intrest' is no type")
    assert run("scenario", "validate", "mine.yaml", "--strict")[0] == 1


def test_what_is_imported_is_in_the_list_and_goes_out_in_a_bundle(run: Run, new: Path) -> None:
    """Again it is unchanged; changed, it is the next version; a faulty one is refused."""
    assert run("scenario", "import", "mine.yaml")[1] == "mine.yaml new: mine, version 1\n"
    assert run("scenario", "import", "mine.yaml")[1] == "mine.yaml unchanged: mine, version 1\n"
    change(new, "minutes: 10", "minutes: 14")
    assert run("scenario", "import", "mine.yaml")[1] == "mine.yaml changed: mine, version 2\n"
    listed = json.loads(run("scenarios", "--json")[1])["items"]
    assert [(s["id"], s["minutes"]) for s in listed][-1] == ("mine", 14)
    code, out, _ = run("scenario", "export", "mine", "interest", "-o", "b.zip")
    assert (code, out) == (0, "b.zip holds 2 scenario(s).\n")
    code, out, _ = run("scenario", "import", "b.zip", "--json")
    assert [i["status"] for i in json.loads(out)["items"]] == ["unchanged", "unchanged"]
    line = change(new, "minutes: 14", "minutes: soon")
    code, out, _ = run("scenario", "import", "mine.yaml")
    assert (code, out) == (
        1,
        f"mine.yaml refused\nmine.yaml:{line}: error: minutes: must be a whole number\n",
    )


def test_a_copy_begins_with_the_whole_of_another(run: Run, tmp_path: Path) -> None:
    """The frame of --blank is short and still to do."""
    assert run("scenario", "new", "copy", "--from", "trust-unknown")[0] == 0
    text = (tmp_path / "copy.yaml").read_text(encoding="utf-8")
    assert "\nid: copy\n" in text
    assert run("scenario", "new", "bare", "--blank")[0] == 0
    assert "TODO" in (tmp_path / "bare.yaml").read_text(encoding="utf-8")
    code, out, _ = run("scenario", "validate", "bare.yaml", "--offline", "--strict")
    assert code == 1
    assert "is valid (" in out


def test_a_faulty_file_is_not_tried(run: Run, new: Path) -> None:
    """Its faults are told instead."""
    change(new, "kind: tactical", "kind: other")
    code, out, _ = run("scenario", "try", "mine.yaml")
    assert code == 1
    assert "mine.yaml is not valid (1 error)." in out


@pytest.mark.slow
def test_a_draft_is_tried_at_once(copy_of_sample: Callable[[], Path], tmp_path: Path) -> None:
    """From a battlecard to a talk, each command in a process of its own."""
    home = copy_of_sample()
    card = "kind,title,competitor,criterion,us,them,advantage,source,as_of\n" + "".join(
        f"competitive_fact,Point {n},Halvorsen,point {n},Corvane answers {n} calls in the first "
        f"minute.,Halvorsen answers {n} calls in the first hour.,{who},Our test,2026-03-01\n"
        for n, who in ((3, "us"), (4, "them"))
    )
    (tmp_path / "card.csv").write_text(card, encoding="utf-8")

    def coach(*arguments: str, typed: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", "scenario", *arguments, "--home", str(home)],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "draft-halvorsen.yaml is a draft" in coach("draft", "--battlecard", "card.csv")
    said = coach("try", "draft-halvorsen.yaml", "--seed", "3", typed="Why do you ask?\n/end\n")
    assert "Draft: Halvorsen is ahead" in said
    assert "Debrief: ended" in said
