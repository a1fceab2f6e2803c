"""A backup holds everything, and is taken up by whichever database; or it is refused in a line."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coach.backup.archive import Backup
from coach.backup.taking import Shelves, checked, opened, take
from coach.errors import BadInput, CoachError, Conflict, Misconfigured
from coach.session import HintUse
from coach.store import SqlStore, open_store
from coach.store.copying import all_rows
from coach.store.every_table import metadata
from tests.coach.store.any_rows import a_row_of
from tests.coach.store.samples import ANNA, exchange_at, new_session
from tests.postgres import emptied_store, server
from tests.sqlite import fresh_store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVIDENCE = [{"id": "c1", "kind": "case_study", "title": "T", "text": "We saved “31 %”."}]


def filled(store: SqlStore) -> SqlStore:
    """With two rows in each table and a session that can go on."""
    session = new_session(id="s", hints=(HintUse(0, 1, "Ask.", ("“Why?”",)),))
    store.create(session)
    store.append(ANNA, session.id, exchange_at(1))
    with store.writes.execution_options(owner=True).begin() as connection:
        for number in (1000, 1001):
            for table in metadata.sorted_tables:
                connection.execute(table.insert(), a_row_of(table, number))
    return store


def taken(store: SqlStore, path: Path) -> Path:
    shelves = [Shelves("local", EVIDENCE, {"files": {"a.md": "seen"}})]
    take(path, store, shelves, {"model": None}, NOW, lambda *_: None)
    return path


def content(store: SqlStore) -> dict[str, list[Any]]:
    with all_rows(store) as tables:
        return {name: sorted(map(json.dumps, records)) for name, records in tables}


def put_back(path: Path, url: str, force: bool = False) -> dict[str, int]:
    with opened(path) as file:
        return checked(file).put_back(url, force)


def to_sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'new' / 'coach.db'}"


def to_postgres(_folder: Path) -> str:
    return server().make_database()


@pytest.mark.parametrize(
    ("begin", "target"),
    [(fresh_store, to_postgres), (lambda _: emptied_store(), to_sqlite)],
    ids=["sqlite to postgres", "postgres to sqlite"],
)
def test_all_rows_move_to_the_other_database(
    begin: Callable[[Path], SqlStore], target: Callable[[Path], str], tmp_path: Path
) -> None:
    """Every table, every type, word for word; and practice goes on there."""
    store, url = filled(begin(tmp_path)), target(tmp_path)
    counts = put_back(taken(store, tmp_path / "b.zip"), url)
    assert set(counts) == set(metadata.tables)
    there = open_store(url)
    assert content(there) == content(store)
    assert there.load(ANNA, "s") == store.load(ANNA, "s")
    there.append(ANNA, "s", exchange_at(3))
    there.add_hint(ANNA, "s", HintUse(4, 1, "After what was put back."))
    assert there.load(ANNA, "s").turn_count == 5
    there.close()
    store.close()


def test_evidence_comes_back_as_it_was(tmp_path: Path) -> None:
    """With the notes on the files that it came from."""
    store = fresh_store(tmp_path)
    with opened(taken(store, tmp_path / "b.zip")) as file:
        kept = checked(file)
        assert kept.tenants() == ["local"]
        assert list(kept.evidence("local")) == EVIDENCE
        assert kept.notes("local") == {"files": {"a.md": "seen"}}
    store.close()


def test_rows_are_of_one_moment(tmp_path: Path) -> None:
    """What is written while a backup is read isn't half in it."""
    store = fresh_store(tmp_path)
    store.create(new_session(id="s"))
    with all_rows(store) as tables:
        seen = {}
        for name, records in tables:
            seen[name] = len(list(records))
            if name == "sessions":
                store.append(ANNA, "s", exchange_at(1))
    assert (seen["sessions"], seen["turns"]) == (1, 1)
    store.close()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A database in use is left as it is, unless it is said to delete it."""
    store = fresh_store(tmp_path)
    file = taken(store, tmp_path / "b.zip")
    store.create(new_session(id="mine"))
    url = f"sqlite:///{tmp_path / 'coach.db'}"
    with pytest.raises(Conflict, match="--force"):
        put_back(file, url)
    assert store.load(ANNA, "mine").id == "mine"
    store.close()
    put_back(file, url, force=True)
    store = open_store(url)
    assert store.sessions(ANNA, 10, None) == ([], None)
    store.close()


def test_a_fresh_database_is_not_in_use(tmp_path: Path) -> None:
    """One that a coach made and nobody used takes a backup without force."""
    store = fresh_store(tmp_path)
    put_back(taken(store, tmp_path / "b.zip"), f"sqlite:///{tmp_path / 'coach.db'}")
    store.close()


def newer_format(path: Path) -> None:
    rewritten(path, lambda manifest: {**manifest, "format": 99})


def newer_step(path: Path) -> None:
    rewritten(path, lambda manifest: {**manifest, "step": "9999"})


def no_manifest(path: Path) -> None:
    rewritten(path, lambda _: None)


def other_words(path: Path) -> None:
    parts = json.loads(zipfile.ZipFile(path).read("manifest.json"))["parts"]
    parts["evidence/local.jsonl"]["sha256"] = "0" * 64
    rewritten(path, lambda manifest: {**manifest, "parts": parts})


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def a_bit_turned(path: Path) -> None:
    with zipfile.ZipFile(path) as file:
        largest = max(file.infolist()[:-1], key=lambda member: member.compress_size)
    raw = bytearray(path.read_bytes())
    raw[largest.header_offset + 60 + largest.compress_size // 2] ^= 1
    path.write_bytes(raw)


def not_there(path: Path) -> None:
    path.unlink()


def rewritten(path: Path, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    manifest = change(json.loads(members.pop("manifest.json")))
    with zipfile.ZipFile(path, "w") as file:
        for name, raw in members.items():
            file.writestr(name, raw)
        if manifest is not None:
            file.writestr("manifest.json", json.dumps(manifest))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (newer_format, "newer coach"),
        (newer_step, "newer coach"),
        (no_manifest, "not a whole backup"),
        (other_words, "is damaged: evidence/local.jsonl"),
        (cut_off, "not a backup of the coach, or it broke off"),
        (a_bit_turned, "damaged|broke off|not a whole backup"),
        (not_there, "can't be read"),
    ],
)
def test_what_cannot_be_put_back(spoil: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    """It is refused in one line, and no database is touched."""
    store = fresh_store(tmp_path)
    file = taken(store, tmp_path / "b.zip")
    store.close()
    spoil(file)
    url = to_sqlite(tmp_path)
    with pytest.raises(BadInput, match=said) as refused:
        put_back(file, url)
    assert "\n" not in refused.value.message
    assert not (tmp_path / "new" / "coach.db").exists()


def test_a_backup_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    """And what stood there before stays."""
    store = fresh_store(tmp_path)
    file = taken(store, tmp_path / "b.zip")
    before = file.read_bytes()

    def broken() -> Iterator[dict[str, str]]:
        yield {"id": "one"}
        raise Conflict("the index went away")

    shelves = [Shelves("local", broken(), {})]
    with pytest.raises(CoachError, match="went away"):
        take(file, store, shelves, {}, NOW, lambda *_: None)
    assert file.read_bytes() == before
    assert not list(tmp_path.glob(".b.zip*"))
    with pytest.raises(Misconfigured, match="can't be written"):
        taken(store, tmp_path / "no" / "b.zip")
    store.close()


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """It holds people's words and secrets."""
    store = fresh_store(tmp_path)
    file = taken(store, tmp_path / "b.zip")
    assert file.stat().st_mode & 0o077 == 0
    with opened(file) as backup:
        assert isinstance(backup, Backup)
        assert b"password" not in zipfile.ZipFile(file).read("settings.jsonl")
    store.close()
