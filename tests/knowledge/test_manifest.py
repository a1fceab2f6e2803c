"""Bringing a folder up to date: what was changed, renamed, copied or deleted since."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.indexing.index import KnowledgeIndex
from knowledge.ingesting.ingest import ensure_sample, ingest, take_in
from knowledge.ingesting.report import FileReport, Report
from knowledge.ingesting.sources import Source, Walk
from knowledge.reading import readers
from tests.knowledge.quick import Quick


@pytest.fixture
def quick() -> Quick:
    return Quick()


@pytest.fixture
def index(tmp_path: Path, quick: Quick) -> Iterator[KnowledgeIndex]:
    made = KnowledgeIndex(tmp_path / "index", quick)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    write(made, "2024/case.md", "# One\n\nCalls were lost.")
    write(made, "2025/case.md", "# Two\n\nNone was lost.")
    write(made, "rows.csv", "title,text\nA,Ay.\nB,Bee.\n")
    return made


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def ids(index: KnowledgeIndex) -> list[str]:
    return [item.id for item in index.all()]


def of(report: Report, name: str) -> FileReport:
    (found,) = (file for file in report.files if file.name.endswith(name))
    return found


def no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a file was read that needn't be")

    monkeypatch.setattr("knowledge.ingesting.statements.read_content", refuse)


def test_ids_come_from_the_place_below_the_folder(folder: Path, index: KnowledgeIndex) -> None:
    """So that documents of one name in two folders are two items."""
    assert ingest([folder], index).problems == ()
    assert ids(index) == ["2024/case", "2025/case", "rows-1", "rows-2"]


def test_unchanged_files_are_neither_read_nor_embedded(
    folder: Path, index: KnowledgeIndex, quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what was wrong with them is said again."""
    write(folder, "bad.csv", "title,text\nC,Sea.\nD,x,y\n")
    first = ingest([folder], index)
    quick.embedded.clear()
    no_reading(monkeypatch)
    again = ingest([folder], index)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 5)
    assert [str(problem) for _, problem in again.problems] == [str(p) for _, p in first.problems]
    assert [problem.line for _, problem in again.problems] == [3]
    assert quick.embedded == []


def test_the_manifest_is_no_authority(folder: Path, index: KnowledgeIndex) -> None:
    """Items that are gone from the index, whoever took them, are read again."""
    ingest([folder], index)
    index.remove(["rows-1", "2024/case"])
    assert ingest([folder], index).added == 2
    assert ids(index) == ["2024/case", "2025/case", "rows-1", "rows-2"]


def test_another_version_of_the_readers_reads_again(
    folder: Path, index: KnowledgeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read the old way isn't taken for what would be read now."""
    ingest([folder], index)
    monkeypatch.setattr("knowledge.ingesting.statements.VERSION", readers.VERSION + 1)
    no_reading(monkeypatch)
    with pytest.raises(AssertionError, match="read"):
        ingest([folder], index)


def test_a_changed_file_is_replaced(folder: Path, index: KnowledgeIndex, quick: Quick) -> None:
    """What it no longer has is removed, what it still has costs nothing."""
    ingest([folder], index)
    quick.embedded.clear()
    write(folder, "rows.csv", "title,text\nA,Ay.\n")
    write(folder, "2024/case.md", "# One\n\nNew words.")
    report = ingest([folder], index)
    rows = of(report, "rows.csv")
    assert (rows.unchanged, rows.removed, report.removed, report.changed) == (1, 1, 1, 1)
    assert ids(index) == ["2024/case", "2025/case", "rows-1"]
    assert quick.embedded == ["# One\n\nNew words."]


def test_a_file_with_problems_keeps_what_it_held(folder: Path, index: KnowledgeIndex) -> None:
    """A slip of the keyboard doesn't empty the knowledge base; mended, it is as it says."""
    ingest([folder], index)
    write(folder, "rows.csv", "title,text\nA,x,y\n")
    write(folder, "2024/case.md", "---\ntitle: [\n---\n")
    for _ in range(2):
        report = ingest([folder], index)
        said = [str(problem) for problem in of(report, "rows.csv").problems]
        assert said[-1] == (
            "2 items that it held before are kept until it can be read without a problem"
        )
        assert len(ids(index)) == 4
    write(folder, "rows.csv", "title,text\nA,Ay.\n")
    assert of(ingest([folder], index), "rows.csv").removed == 1


def test_deleted_files_are_removed_when_asked(folder: Path, index: KnowledgeIndex) -> None:
    """Not without --prune; and nothing outside of the folder, least of all the sample."""
    ensure_sample(index)
    sample = len(ids(index))
    ingest([folder], index)
    (folder / "rows.csv").unlink()
    assert ingest([folder], index).removed == 0
    report = ingest([folder / "2024"], index, prune=True)
    assert report.removed == 0
    report = ingest([folder], index, prune=True)
    gone = of(report, "rows.csv")
    assert (gone.gone, gone.removed, report.removed) == (True, 2, 2)
    assert len(ids(index)) == sample + 2
    assert ingest([folder], index, prune=True).files == tuple(
        file for file in report.files if not file.gone
    )


def test_nothing_is_pruned_that_cannot_be_seen(
    folder: Path, index: KnowledgeIndex, tmp_path: Path
) -> None:
    """An empty folder may be a drive that isn't mounted, and so may an absent one."""
    ingest([folder], index)
    folder.rename(tmp_path / "away")
    report = ingest([folder], index, prune=True)
    assert report.removed == 0
    said = [str(problem) for _, problem in report.problems]
    assert said[0] == "files can't be opened: No such file or directory"
    assert "what was ingested from 3 files below it is kept" in said[1]
    folder.mkdir()
    report = ingest([folder], index, prune=True)
    assert "what was ingested from 3 files below it is kept" in str(report.problems[0][1])
    assert len(ids(index)) == 4


def test_a_closed_folder_is_told_and_spared(
    folder: Path, index: KnowledgeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folders beside it still go in, and nothing below it is taken for deleted."""
    ingest([folder], index)
    listed = Path.iterdir

    def closed(path: Path) -> Iterator[Path]:
        if path.name == "2024":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", closed)  # root, who runs tests, may open any folder
    report = ingest([folder], index, prune=True)
    said = [str(problem) for _, problem in report.problems]
    assert said[0] == "the folder 2024 can't be opened: Permission denied"
    assert len(ids(index)) == 4


def test_what_another_file_claims_stays(folder: Path, index: KnowledgeIndex) -> None:
    """Two exports that overlap hold an item together."""
    row = '{"id": "x", "text": "Shared."}\n'
    write(folder, "a.jsonl", row)
    write(folder, "b.jsonl", row + '{"id": "y", "text": "Own."}\n')
    assert (ingest([folder], index).added, len(ids(index))) == (6, 6)
    (folder / "b.jsonl").unlink()
    assert ingest([folder], index, prune=True).removed == 1
    (folder / "a.jsonl").unlink()
    assert ingest([folder], index, prune=True).removed == 1


def test_a_copy_is_stored_once(folder: Path, index: KnowledgeIndex, quick: Quick) -> None:
    """It keeps the item when the first is deleted, and becomes its own when that changes."""
    ingest([folder], index)
    quick.embedded.clear()
    write(folder, "0/copy.md", (folder / "2024/case.md").read_bytes())
    report = ingest([folder], index)
    assert (report.added, of(report, "copy.md").copy_of) == (0, str(folder / "2024/case.md"))
    assert quick.embedded == []
    write(folder, "2024/case.md", "# One\n\nNew words.")
    ingest([folder], index)
    assert ids(index) == ["0/copy", "2024/case", "2025/case", "rows-1", "rows-2"]
    write(folder, "0/copy.md", (folder / "2024/case.md").read_bytes())
    ingest([folder], index)
    assert ids(index) == ["2024/case", "2025/case", "rows-1", "rows-2"]
    (folder / "2024/case.md").unlink()
    ingest([folder], index, prune=True)
    assert ids(index) == ["2024/case", "2025/case", "rows-1", "rows-2"]


def test_a_renamed_file_costs_nothing(folder: Path, index: KnowledgeIndex, quick: Quick) -> None:
    """Its items keep their ids, by which they are cited."""
    ingest([folder], index)
    quick.embedded.clear()
    (folder / "2024/case.md").rename(folder / "moved.md")
    assert ingest([folder], index, prune=True).removed == 0
    assert ids(index) == ["2024/case", "2025/case", "rows-1", "rows-2"]
    assert quick.embedded == []


def test_one_file_given_in_two_ways_is_one(folder: Path, index: KnowledgeIndex) -> None:
    """By itself, by its folder, and by a path with dots in it."""
    ingest([folder / "2024" / "case.md"], index)
    assert ids(index) == ["case"]
    ingest([folder, folder / "2024" / ".." / "2024"], index)
    assert ids(index) == ["2025/case", "case", "rows-1", "rows-2"]


def test_names_that_collide_give_other_ids(folder: Path, index: KnowledgeIndex) -> None:
    """The same ones at every run."""
    write(folder, "2024/case.txt", "Three.")
    alone = [folder / "2024" / "case.md", folder / "2024" / "case.txt", folder / "2025" / "case.md"]
    for _ in range(2):
        assert ingest(alone, index).problems == ()
        assert ids(index) == ["2025/case", "case", "case-txt"] or ids(index) == [
            "case", "case-md", "case-txt",
        ]  # fmt: skip


def test_an_item_put_in_by_hand_is_not_overwritten(folder: Path, index: KnowledgeIndex) -> None:
    """A file that uses its id is told, and an inferred id gives way."""
    ingest([folder / "rows.csv"], index)
    made = index.all()[0].model_copy(update={"id": "x"})
    index.upsert([made, made.model_copy(update={"id": "2024/case"})])
    write(folder, "x.jsonl", '{"id": "x", "text": "Other."}')
    report = ingest([folder], index)
    ((_, problem),) = report.problems
    assert str(problem).startswith("the id 'x' belongs to another item, put in by hand: give")
    assert ids(index) == ["2024/case", "2024/case-md", "2025/case", "rows-1", "rows-2", "x"]


def test_files_that_were_sent_are_pruned_by_what_is_said_to_be_there(
    index: KnowledgeIndex,
) -> None:
    """Their names are labels: nothing is looked up on this machine."""
    sent = [Source.sent(f"/far/{n}.md", f"{n}.md", f"Fact {n}.".encode()) for n in "abc"]
    take_in(Walk(tuple(sent)), index)
    assert ids(index) == ["a", "b", "c"]
    report = take_in(
        Walk((), seen=("/far",), present=("/far/a.md", "/far/c.md")), index, prune=True
    )
    assert (report.removed, ids(index)) == (1, ["a", "c"])
    (climbing,) = (Source.sent("x", "../../../etc/x.md", b"A fact."),)
    take_in(Walk((climbing,)), index)
    assert ids(index) == ["a", "c", "etc/x"]


@pytest.mark.parametrize("name", ["line\nbreak.md", "bell\x07.md", "sur\udcffrogate.md", "n" * 251])
def test_any_name_of_a_file_is_text(tmp_path: Path, index: KnowledgeIndex, name: str) -> None:
    """On one line in the report, and in an id that can be stored."""
    name = name if name.endswith(".md") else f"{name}.md"
    path = write(tmp_path, f"{'deep' * 20}/{name}", "Words.")
    for given in (path, path.parent):
        report = ingest([given], index)
        assert (report.problems, len(ids(index))) == ((), 1)
        assert report.files[0].name.isprintable()
    assert ids(index)[0].isprintable()


def test_a_dangling_link_and_a_pipe_are_told(folder: Path, index: KnowledgeIndex) -> None:
    """Neither hangs nor raises."""

    (folder / "link.md").symlink_to(folder / "nowhere.md")
    os.mkfifo(folder / "pipe.md")
    report = ingest([folder], index)
    assert [str(problem) for _, problem in report.problems] == [
        "link.md can't be opened: No such file or directory",
        "pipe.md is no file that can be read (a pipe or a device)",
    ]
    assert report.items == 4


def test_new_items_are_held_against_what_is_there(folder: Path, index: KnowledgeIndex) -> None:
    """What says nearly the same is told when it comes in, and not at every run."""
    said = "Nordhavn Clinics answers nine of ten calls within a minute since the spring of 2026"
    write(folder, "a.txt", f"{said} in Porto.")
    assert ingest([folder], index).alike.total == 0
    write(folder, "b.txt", f"{said} in Lisbon.")
    alike = ingest([folder], index).alike
    assert (alike.total, alike.first[0].evidence_ids) == (1, ("a", "b"))
    assert ingest([folder], index).alike.total == 0
