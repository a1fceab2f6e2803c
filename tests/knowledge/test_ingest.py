"""Bringing files in: what the report says, and that nothing is lost without a line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.evidence import Advantage, Evidence, Kind
from knowledge.indexing.index import KnowledgeIndex
from knowledge.ingesting.ingest import ensure_sample, ingest
from knowledge.ingesting.report import Report
from knowledge.ingesting.sources import walk
from knowledge.reading.readers import read_file

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("COACH_EVAL_DATA", ROOT.parent / "shared" / "data"))


def counts(report: Report) -> list[tuple[str, int, int, int]]:
    return [(Path(f.name).name, f.items, f.unchanged, len(f.problems)) for f in report.files]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    (made / "a.csv").write_text("title,text\nA,One.\nB,Two.\nC,x,y\n")
    (made / "b.md").write_text("---\nid: b\nkind: track_record\ntitle: B\n---\nThree.")
    (made / "c.pdf").write_bytes(b"%PDF-1.7")
    return made


def test_each_file_has_its_line_in_the_report(folder: Path, index: KnowledgeIndex) -> None:
    """How many went in, and what didn't and why."""
    report = ingest([folder], index)
    assert counts(report) == [("a.csv", 2, 0, 1), ("b.md", 1, 0, 0), ("c.pdf", 0, 0, 1)]
    assert report.items == index.count() == 3
    assert [(Path(name).name, problem.line) for name, problem in report.problems] == [
        ("a.csv", 4),
        ("c.pdf", None),
    ]


def test_a_second_run_changes_nothing(folder: Path, index: KnowledgeIndex) -> None:
    """And says so, file by file."""
    ingest([folder], index)
    (folder / "b.md").write_text("---\nid: b\nkind: track_record\ntitle: B\n---\nFour.")
    report = ingest([folder], index)
    assert counts(report) == [("a.csv", 2, 2, 1), ("b.md", 1, 0, 0), ("c.pdf", 0, 0, 1)]
    assert (report.unchanged, report.changed) == (2, 1)


def test_two_files_that_claim_one_id_are_told(folder: Path, index: KnowledgeIndex) -> None:
    """The first keeps it; a true copy is no problem."""
    (folder / "copy.md").write_bytes((folder / "b.md").read_bytes())
    (folder / "other.md").write_text("---\nid: b\nkind: track_record\ntitle: B\n---\nOther.")
    report = ingest([folder], index)
    assert [str(problem) for name, problem in report.problems if "other.md" in name] == [
        f"the id 'b' belongs to another item, in {folder / 'b.md'}: "
        "give one of them its own `id`, or its file another name"
    ]
    assert [Path(name).name for name, _ in report.problems] == ["a.csv", "c.pdf", "other.md"]
    found = index.get("b")
    assert found is not None
    assert found.text == "Three."


def test_the_sample_fills_an_empty_index_once(
    index: KnowledgeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken off, it is completed at the next start; afterwards it is left alone."""
    sample = tmp_path / "sample"
    sample.mkdir()
    (sample / "a.jsonl").write_text("\n".join(f'{{"text": "Item {n}."}}' for n in range(70)))
    monkeypatch.setattr("knowledge.ingesting.ingest.sample_paths", lambda: [sample])

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_sample(index, stop)
    assert 0 < index.count() < 70
    report = ensure_sample(index)
    assert report is not None
    assert report.added == 70  # all that it brought, whenever it was stored
    assert index.count() == 70
    assert index.notes("sample").all() == {}
    index.remove(["a-1"])
    assert ensure_sample(index) is None
    assert index.count() == 69


@pytest.mark.eval
def test_a_real_export_goes_in_whole() -> None:
    """219 records of a real sales team, 39 of them under an id used twice, and not one is lost."""
    path = DATA / "kb_gitlab" / "evidence.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there: set COACH_EVAL_DATA to the folder that holds it")
    rows = list(read_file(path))
    found = [row for row in rows if isinstance(row, Evidence)]
    assert len(found) == len(rows)
    assert len({item.id for item in found}) == len(found) == 219
    facts = [item for item in found if item.kind is Kind.COMPETITIVE_FACT]
    assert sum(fact.advantage is Advantage.UNSTATED for fact in facts) == 50
    assert sum(fact.advantage is Advantage.US for fact in facts) == 18
    assert sum(fact.advantage is Advantage.THEM for fact in facts) == 4
    for fact in facts:
        assert (fact.us or "") in fact.text
        assert (fact.them or "") in fact.text
        verdict = fact.text.rpartition("Advantage: ")[2] if fact.us else ""
        if fact.advantage is Advantage.US:
            assert "GitHub" not in verdict
            assert "imilar" not in verdict
    assert all("&#" not in item.text for item in found)


@pytest.mark.eval
def test_attack_files_are_read_or_told() -> None:
    """Nothing in them raises."""
    folder = DATA / "security"
    if not folder.exists():
        pytest.skip(f"{folder} is not there: set COACH_EVAL_DATA to the folder that holds it")
    for source in walk([folder]).sources:
        assert list(read_file(source.path))
