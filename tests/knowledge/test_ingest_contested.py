"""Files that want one id for different things: who has it, whatever was killed in between."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import pytest

from knowledge.evidence import Evidence
from knowledge.indexing.index import Changes, KnowledgeIndex
from knowledge.indexing.notes import Notes
from knowledge.ingesting.ingest import READING, ingest
from knowledge.ingesting.intents import END
from knowledge.ingesting.manifest import Manifest
from knowledge.ingesting.report import Report
from tests.knowledge.quick import Quick

SEED = int(os.environ.get("COACH_SEED") or SystemRandom().randrange(10**6))  # printed


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill -9."""


class Mortal:
    """A shelf whose process dies before its write number ``lives``; stores an item at a time.

    Unless it ``ends`` it dies at the latest before it notes that all is stored.
    """

    def __init__(self, index: KnowledgeIndex, lives: int, ends: bool = True) -> None:
        self._index, self._lives, self._ends = index, lives, ends
        self.get, self.all, self.contents = index.get, index.all, index.contents

    def upsert(self, items: list[Evidence], progress: Any = None) -> Changes:
        for item in items:
            self._write(self._index.upsert, [item])
        return Changes()

    def remove(self, ids: list[str]) -> int:
        for key in sorted(ids):
            self._write(self._index.remove, [key])
        return len(ids)

    def notes(self, name: str) -> Notes:
        return _MortalNotes(self._index.notes(name), self._write)  # type: ignore[return-value]

    def _write(self, action: Callable[..., object], *given: object) -> None:
        self._lives -= 1
        ends = given and isinstance(given[0], dict) and END in given[0]
        if self._lives < 0 or (ends and not self._ends):
            raise Killed
        action(*given)


class _MortalNotes:
    """Notes that are written and dropped one by one."""

    def __init__(self, notes: Notes, write: Callable[..., None]) -> None:
        self._notes, self._write = notes, write
        self.all = notes.all

    def put_many(self, notes: Mapping[str, str]) -> None:
        for name, text in notes.items():
            self._write(self._notes.put_many, {name: text})

    def drop(self, names: list[str]) -> None:
        for name in names:
            self._write(self._notes.drop, [name])


class Desk:
    """A folder of JSONL files, and the index that they are ingested into."""

    def __init__(self, place: Path) -> None:
        self.place, self.files = place, place / "files"
        self.files.mkdir(parents=True)
        self.index = self._opened(place / "index")

    def write(self, name: str, **texts: str) -> None:
        """Each keyword is an id and the text under it."""
        (self.files / name).write_text(_lines(texts))

    def ingest(self, index: Any = None) -> Report:
        return ingest([self.files], index or self.index, prune=True)

    def texts(self) -> dict[str, str]:
        return {item.id: item.text for item in self.index.all()}

    def state(self) -> tuple[object, ...]:
        """All that an ingest leaves behind."""
        contents = self.index.contents()
        entries = Manifest(self.index.notes("files")).entries
        intents = self.index.notes("intents").all()
        return contents.items, contents.hashes, sorted(contents.rows), entries, intents

    def told(self) -> list[object]:
        """The same without the rest, and without the folder's own name."""
        _, hashes, rows, entries, intents = self.state()
        assert isinstance(entries, dict)
        records = {name: entry.as_record() for name, entry in entries.items()}
        text = json.dumps([hashes, rows, records, intents], sort_keys=True)
        return json.loads(text.replace(str(self.files.resolve()), ""))  # type: ignore[no-any-return]

    def back_to(self, saved: Path) -> None:
        """The index is as it was when it was saved."""
        self.index.close()
        shutil.rmtree(self.place / "index")
        shutil.copytree(saved, self.place / "index")
        self.index = self._opened(self.place / "index")

    def _opened(self, place: Path) -> KnowledgeIndex:
        return KnowledgeIndex(place, Quick())  # type: ignore[arg-type]


def _lines(texts: Mapping[str, str]) -> str:
    return "\n".join(json.dumps({"id": key, "text": text}) for key, text in texts.items())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "desk")
    yield made
    made.index.close()


def told(report: Report) -> dict[str, list[str]]:
    """What is said about each file, with the names of folders cut off."""
    return {
        Path(file.name).name: [str(problem).partition(":")[0] for problem in file.problems]
        for file in report.files
        if file.problems
    }


def test_of_new_files_the_first_has_it(desk: Desk) -> None:
    """By the order of their names; the other is told, at every run."""
    desk.write("b.jsonl", x="From b.", own="Of b alone.")
    desk.write("a.jsonl", x="From a.")
    for _ in range(2):
        (said,) = told(desk.ingest())["b.jsonl"]
        assert said.startswith("the id 'x' belongs to another item, in ")
        assert said.endswith("a.jsonl")
        assert desk.texts() == {"x": "From a.", "own": "Of b alone."}


def test_a_file_that_has_it_keeps_it(desk: Desk) -> None:
    """Before new files and changed ones, even when it changes itself."""
    desk.write("b.jsonl", x="From b.")
    desk.ingest()
    desk.write("a.jsonl", x="From a.")
    assert list(told(desk.ingest())) == ["a.jsonl"]
    desk.write("b.jsonl", x="From b, changed.")
    assert list(told(desk.ingest())) == ["a.jsonl"]
    assert desk.texts() == {"x": "From b, changed."}


def test_what_is_said_as_before_stays(desk: Desk) -> None:
    """Of two files that had it together, the one that still says the same has it."""
    desk.write("a.jsonl", x="Shared.")
    desk.write("b.jsonl", x="Shared.", y="Own.")
    desk.ingest()
    desk.write("a.jsonl", x="Changed.")
    desk.write("b.jsonl", x="Shared.", y="Own, changed.")
    assert list(told(desk.ingest())) == ["a.jsonl"]
    assert desk.texts() == {"x": "Shared.", "y": "Own, changed."}


def test_a_file_that_lets_go_of_it_leaves_it_to_the_next(desk: Desk) -> None:
    """In the same run."""
    desk.write("a.jsonl", x="From a.")
    desk.write("b.jsonl", x="From b.")
    desk.ingest()
    desk.write("a.jsonl", y="Something else.")
    report = desk.ingest()
    assert told(report) == {}
    assert (report.added, report.changed, report.removed) == (1, 1, 0)
    assert desk.texts() == {"x": "From b.", "y": "Something else."}


def test_a_file_that_cannot_be_read_as_a_whole_keeps_it(desk: Desk) -> None:
    """A slip in one file gives its items to no other."""
    desk.write("b.jsonl", x="From b.", y="Of b alone.")
    desk.ingest()
    (desk.files / "b.jsonl").write_text('{"id": "x", "text":\n')
    desk.write("a.jsonl", x="From a.", y="Of a.")
    assert len(told(desk.ingest())["a.jsonl"]) == 2
    assert desk.texts() == {"x": "From b.", "y": "Of b alone."}


def counts(report: Report) -> tuple[object, ...]:
    return report.added, report.changed, report.removed, told(report)


def before(desk: Desk) -> None:
    desk.write("a.jsonl", x="From a.", u="One.")
    desk.write("b.jsonl", x="From b.", v="Two.")
    desk.write("c.jsonl", y="Of c.", w="Three.")
    desk.write("copy.jsonl", y="Of c.", w="Three.")


def after(desk: Desk) -> None:
    desk.write("0.jsonl", u="From 0.", w="Of 0.", new="Four.")
    desk.write("a.jsonl", y="From a.", u="One, changed.")
    desk.write("b.jsonl", x="From b, changed.", y="Of b.")
    (desk.files / "c.jsonl").rename(desk.files / "moved.jsonl")
    desk.write("copy.jsonl", z="Five.", new="Five.")


@pytest.mark.slow
@pytest.mark.scale  # a minute and a half; CI kills it at random moments instead
def test_killed_before_any_of_its_writes(desk: Desk, tmp_path: Path) -> None:
    """And run again: items, rows, manifest and report are those of a run that wasn't killed."""
    before(desk)
    desk.ingest()
    desk.index.close()
    saved = shutil.copytree(desk.place / "index", tmp_path / "saved")
    after(desk)
    report, wanted = counts(desk.ingest()), desk.state()
    lives = 0
    while True:
        desk.back_to(saved)
        try:
            desk.ingest(Mortal(desk.index, lives))
        except Killed:
            again = counts(desk.ingest())
        else:
            break
        assert desk.state() == wanted
        ended = again[:3] == (0, 0, 0)  # and was brought to its end
        assert ended or again == report
        lives += 1
    assert lives > 20, "it was hardly killed"


def test_killed_and_changed_back(desk: Desk, tmp_path: Path) -> None:
    """What the killed run stored goes, and what it replaced is restored."""
    before(desk)
    desk.ingest()
    wanted = desk.state()
    after(desk)
    with pytest.raises(Killed):
        desk.ingest(Mortal(desk.index, 8))
    assert desk.texts().items() > {"new": "Four.", "u": "One, changed."}.items()
    shutil.rmtree(desk.files)
    (desk.files).mkdir()
    before(desk)
    report = desk.ingest()
    assert desk.state() == wanted
    assert (report.added, report.changed, report.removed) == (0, 0, 0)


def test_killed_twice_with_another_change_in_between(desk: Desk) -> None:
    """The second run decides as if the first had never been, and so does the third."""
    desk.write("b.jsonl", x="From b.")
    desk.ingest()
    desk.write("a.jsonl", y="From a.")
    with pytest.raises(Killed):
        desk.ingest(Mortal(desk.index, 2))
    assert desk.texts()["y"] == "From a."
    desk.write("a.jsonl", y="From a, changed.")
    desk.write("c.jsonl", y="From c.")
    with pytest.raises(Killed):
        desk.ingest(Mortal(desk.index, 3))
    assert desk.texts()["y"] == "From a, changed."
    (desk.files / "a.jsonl").unlink()
    report = desk.ingest()
    assert (report.added, report.changed, report.removed, told(report)) == (1, 0, 0, {})
    assert desk.texts() == {"x": "From b.", "y": "From c."}


@pytest.mark.slow
def test_killed_again_and_again_while_the_files_change(tmp_path: Path) -> None:
    """Whatever the killed runs saw of them: only what is there at the end counts."""
    print("seed", SEED)
    chance = Random(SEED)
    clean, killed = Desk(tmp_path / "clean"), Desk(tmp_path / "killed")
    for _ in range(12):
        for _ in range(chance.randrange(4)):
            _shuffled(killed.files, chance)
            with suppress(Killed):
                killed.ingest(Mortal(killed.index, chance.randrange(15), ends=False))
        _shuffled(killed.files, chance)
        shutil.rmtree(clean.files)
        shutil.copytree(killed.files, clean.files)
        reports = [told(one.ingest()) for one in (clean, killed)]
        states = [json.dumps(one.told(), sort_keys=True) for one in (clean, killed)]
        assert states[0] == states[1]
        assert reports[0].keys() == reports[1].keys()
    clean.index.close()
    killed.index.close()


def _shuffled(files: Path, chance: Random) -> None:
    """A few files are written anew, renamed, copied or deleted."""
    for _ in range(chance.randint(1, 3)):
        path = files / f"{chance.randrange(6)}.jsonl"
        other = files / f"{chance.randrange(6)}.jsonl"
        what = chance.choice(["write", "write", "rename", "copy", "delete"])
        if what == "write" or not path.exists():
            ids = chance.sample("stuvwxyz", chance.randint(1, 4))
            path.write_text(_lines({key: f"{key}, version {chance.randrange(2)}." for key in ids}))
        elif what == "rename":
            path.rename(other)
        elif what == "copy" and path != other:
            shutil.copy(path, other)
        elif what == "delete" and len(list(files.iterdir())) > 1:
            path.unlink()


def test_what_a_person_put_in_after_the_kill_stays(desk: Desk) -> None:
    """It isn't taken for what the killed run stored."""
    desk.write("a.jsonl", x="From a.")
    desk.ingest()
    desk.write("b.jsonl", y="From b.")
    with pytest.raises(Killed):
        desk.ingest(Mortal(desk.index, 2))
    mine = desk.index.all()[1].model_copy(update={"text": "By hand."})
    desk.index.upsert([mine])
    assert list(told(desk.ingest())) == ["b.jsonl"]
    (desk.files / "b.jsonl").unlink()
    desk.ingest()
    assert desk.texts() == {"x": "From a.", "y": "By hand."}


def test_what_a_person_put_in_meanwhile_stays(desk: Desk) -> None:
    """Though the run was about to remove what was there under that id."""
    desk.write("a.jsonl", x="From a.")
    desk.write("b.jsonl", y="From b.")
    desk.ingest()
    mine = desk.index.all()[1].model_copy(update={"text": "By hand."})
    desk.write("b.jsonl", z="From b.")

    def put_in(phase: str, *_: int) -> None:
        if phase == READING:
            desk.index.upsert([mine])

    ingest([desk.files], desk.index, progress=put_in, prune=True)
    assert desk.texts() == {"x": "From a.", "y": "By hand.", "z": "From b."}
