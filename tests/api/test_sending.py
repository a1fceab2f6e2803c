"""``coach ingest`` while a coach runs on the same home: the files go to it, with the same end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.ingesting import Ingestion
from api.server import private_server
from api.wiring import open_index
from coach.settings import Settings
from knowledge.ingesting.sources import walk_changed
from tests.api.test_imports import fact

Told = dict[str, Any]


@pytest.fixture(scope="module")
def settings(copy_of_sample: Callable[[], Path]) -> Iterator[Settings]:
    """A home whose coach runs."""
    settings = Settings(home=copy_of_sample())
    with private_server(settings):
        yield settings


@pytest.fixture
def ingested(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[Told, bool]]:
    """What ``coach ingest --json`` prints, and whether everything could be read."""

    def run(*paths: Path, prune: bool = False, map_file: Path | None = None) -> tuple[Told, bool]:
        whole = Ingestion(settings, map_file, prune, as_json=True).run(list(paths))
        return json.loads(capsys.readouterr().out), whole

    return run


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(fact(f"{folder.name}-{Path(name).stem}"))


def test_the_same_report(
    ingested: Callable[..., tuple[Told, bool]],
    tmp_path: Path,
    copy_of_sample: Callable[[], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """File by file it says what it would have said if it had held the index itself."""
    folder = tmp_path / "mixed"
    write(folder, "a.md", "deep/b.md", "deep/c.md")
    (folder / "no-id.md").write_text("# Pilots\n\nPilots board near the outer buoy.\n")
    (folder / "bad.csv").write_text("kind,title,text\nrumour,Heard,They close\n")
    (folder / "x.exe").write_bytes(b"MZ")
    told, whole = ingested(folder)
    alone = Settings(home=copy_of_sample())
    assert Ingestion(alone, as_json=True).run([folder]) is whole is False
    assert json.loads(capsys.readouterr().out) == told
    assert told["added"] == 4
    again, _ = ingested(folder)
    assert (again["unchanged"], again["added"]) == (4, 0)


def test_many_batches(
    ingested: Callable[..., tuple[Told, bool]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bounded by bytes and by number; the order of the files is kept."""
    monkeypatch.setattr("api.sending.MOST_FILES", 3)
    monkeypatch.setattr("api.sending.MOST_BYTES", 400)
    folder = tmp_path / "many"
    write(folder, *(f"{number:02}.md" for number in range(10)))
    told, whole = ingested(folder)
    assert whole
    assert [Path(file["name"]).name for file in told["files"]] == [f"{n:02}.md" for n in range(10)]
    assert told["added"] == 10


def test_pruning(
    ingested: Callable[..., tuple[Told, bool]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was deleted is removed; what wasn't sent along, or can't be seen now, is kept."""
    monkeypatch.setattr("api.sending.MOST_FILES", 2)
    folder = tmp_path / "pruned"
    write(folder, "a.md", "b.md", "c.md", "d.md", "away/e.md")
    assert ingested(folder)[0]["added"] == 5
    (folder / "a.md").unlink()
    kept, _ = ingested(folder)
    assert kept["removed"] == 0
    told, whole = ingested(folder, prune=True)
    assert whole
    assert (told["removed"], told["unchanged"]) == (1, 4)
    assert [file["name"] for file in told["files"] if file["gone"]] == [str(folder / "a.md")]
    for path in folder.rglob("*.md"):
        path.unlink()
    told, whole = ingested(folder, prune=True)
    assert not whole
    assert told["removed"] == 0
    assert "not mounted" in told["files"][0]["problems"][0]["msg"]


def test_nothing_is_gone_of_others(
    ingested: Callable[..., tuple[Told, bool]], settings: Settings, tmp_path: Path
) -> None:
    """Neither the sample nor another folder's files are pruned."""
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    write(mine, "a.md", "b.md")
    write(theirs, "a.md")
    ingested(mine, theirs)
    (mine / "a.md").unlink()
    assert ingested(mine, prune=True)[0]["removed"] == 1


def test_watching(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only what changed is sent; a file that was deleted meanwhile takes its items along."""
    folder = tmp_path / "watched"
    write(folder, "a.md", "b.md")
    work = Ingestion(settings, None, prune=True, as_json=True)
    work.run([folder])
    (folder / "a.md").unlink()
    (folder / "b.md").write_bytes(fact("watched-b", "The ferry leaves at noon now."))
    capsys.readouterr()
    work.take_in(walk_changed([folder / "a.md", folder / "b.md"], [folder]))
    told = json.loads(capsys.readouterr().out)
    assert (told["changed"], told["removed"]) == (1, 1)


def test_a_mapping_goes_along(ingested: Callable[..., tuple[Told, bool]], tmp_path: Path) -> None:
    """And a wrong one is told before anything is sent."""
    (tmp_path / "export.csv").write_text("Headline,Story\nA jetty,The jetty was rebuilt in May.\n")
    (tmp_path / "map.yaml").write_text("kind: case_study\ntitle: Headline\ntext: Story\n")
    told, whole = ingested(tmp_path / "export.csv", map_file=tmp_path / "map.yaml")
    assert whole
    assert told["added"] == 1


@pytest.mark.parametrize("held_by", ["server", "command"])
def test_one_manifest(
    copy_of_sample: Callable[[], Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    held_by: str,
) -> None:
    """A folder that one way took in is known to the other: nothing is read or stored twice."""
    settings = Settings(home=copy_of_sample())
    folder = tmp_path / "both ways"
    write(folder, "case studies/a.md", "b  c.md")
    work = Ingestion(settings, as_json=True)
    if held_by == "command":
        work.run([folder])
        with private_server(settings):
            work.run([folder])
    else:
        with private_server(settings):
            work.run([folder])
        work.run([folder])
    first, second = (json.loads(text) for text in _texts(capsys.readouterr().out))
    assert (first["added"], second["added"], second["unchanged"]) == (2, 0, 2)
    _, index = open_index(settings)
    names = [name for name in index.notes("files").all() if name.startswith(str(tmp_path))]
    index.close()
    assert len(names) == 2


def _texts(out: str) -> list[str]:
    half = out.index("\n}\n") + 3
    return [out[:half], out[half:]]
