"""A tenant's scenarios: what ships, what was written here, what each session was played with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.authoring.bringing import bring
from coach.authoring.bundle import MANIFEST, pack, unpack
from coach.authoring.reading import scenario_of
from coach.authoring.shelf import Kept, Shelf
from coach.authoring.starting import copied, started
from coach.authoring.versions import Version
from coach.errors import BadInput, Conflict, NotFound, Overtaken, Refused
from coach.scenario_book import ScenarioBook, load_scenarios
from coach.session import LOCAL, Caller
from coach.store import open_store
from tests.coach.store.samples import new_session
from tests.fakes import FixedClock

START = started("mine")
OTHERS = Caller(user="olga", tenant="others", roles=frozenset({"trainer"}))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'coach.db'}"


@pytest.fixture
def shelf(url: str) -> Iterator[Shelf]:
    store = open_store(url)
    yield Shelf(load_scenarios(), store, FixedClock())
    store.close()


def put(shelf: Shelf, source: str, caller: Caller = LOCAL, after: int | None = None) -> Kept:
    return shelf.put(caller, scenario_of(source, "x"), source, after)


def ids(shelf: Shelf, tenant: str = LOCAL.tenant) -> list[str]:
    return [scenario.id for scenario in shelf.all(tenant)]


def test_what_is_written_stands_after_what_ships(shelf: Shelf) -> None:
    """And another tenant sees nothing of it."""
    kept = put(shelf, START)
    assert (kept.is_new, kept.scenario.version) == (True, 1)
    shipped = [scenario.id for scenario in load_scenarios().all()]
    assert ids(shelf) == [*shipped, "mine"]
    assert ids(shelf, "others") == shipped
    with pytest.raises(NotFound, match="there is no scenario 'mine'; there are: interest"):
        shelf.get("others", "mine")
    assert shelf.source(LOCAL.tenant, "mine") == START


def test_the_same_again_changes_nothing(shelf: Shelf) -> None:
    """A changed comment is a change: it is the trainer's text that is kept."""
    put(shelf, START)
    assert not put(shelf, START).is_changed
    assert put(shelf, START + "# noted\n").scenario.version == 2
    assert len(shelf.versions(LOCAL.tenant, "mine")) == 2


def test_an_own_version_of_what_ships_stands_in_its_place_until_it_is_withdrawn(
    shelf: Shelf,
) -> None:
    """Then the one that ships comes back, and numbers go on counting."""
    shipped = load_scenarios().get("interest")
    source = shelf.source(LOCAL.tenant, "interest").replace("minutes: ", "minutes: 1")
    own = put(shelf, source)
    assert own.scenario.version == shipped.version + 1
    assert shelf.get(LOCAL.tenant, "interest").minutes == own.scenario.minutes != shipped.minutes
    assert shelf.get(LOCAL.tenant, "interest", shipped.version) == shipped
    assert ids(shelf).index("interest") == 0
    shelf.withdraw(LOCAL, "interest")
    assert shelf.get(LOCAL.tenant, "interest") == shipped
    assert shelf.get(LOCAL.tenant, "interest", own.scenario.version) == own.scenario
    assert put(shelf, source).scenario.version == shipped.version + 3
    there = ", ".join(str(shipped.version + n) for n in (0, 1, 3))
    with pytest.raises(NotFound, match=f"has no version 99; there are: {there}"):
        shelf.get(LOCAL.tenant, "interest", 99)


def test_what_ships_cannot_be_deleted(shelf: Shelf) -> None:
    """And what isn't there is not found."""
    with pytest.raises(Conflict, match="ships with the coach"):
        shelf.withdraw(LOCAL, "interest")
    with pytest.raises(NotFound):
        shelf.withdraw(LOCAL, "nothing")


def test_a_new_one_takes_nobodys_place(shelf: Shelf) -> None:
    """Creating is refused where the id is taken, unless it is the very same."""
    scenario = scenario_of(START, "x")
    assert shelf.create(LOCAL, scenario, START).is_new
    assert not shelf.create(LOCAL, scenario, START).is_changed
    other = START.replace("minutes: 10", "minutes: 12")
    with pytest.raises(Conflict, match="PUT changes it"):
        shelf.create(LOCAL, scenario_of(other, "x"), other)
    with pytest.raises(BadInput, match="can't have the id 'schema'"):
        put(shelf, started("schema"))


def test_of_two_editors_the_second_is_told(shelf: Shelf) -> None:
    """By the version that they had read; 0 says that there was none."""
    put(shelf, START, after=0)
    put(shelf, START.replace("minutes: 10", "minutes: 11"), after=1)
    for late in (0, 1, 7):
        with pytest.raises(Overtaken):
            put(shelf, START.replace("minutes: 10", "minutes: 12"), after=late)
    assert shelf.get(LOCAL.tenant, "mine").minutes == 11


def test_a_change_of_another_process_is_seen(shelf: Shelf, url: str) -> None:
    """Without a restart: the next question finds it."""
    assert "mine" not in ids(shelf)
    elsewhere = open_store(url)
    put(Shelf(load_scenarios(), elsewhere, FixedClock()), START)
    assert "mine" in ids(shelf)
    put(
        Shelf(load_scenarios(), elsewhere, FixedClock()),
        START.replace("minutes: 10", "minutes: 25"),
    )
    elsewhere.close()
    assert shelf.get(LOCAL.tenant, "mine").version == 2


def test_one_that_this_coach_cannot_read_is_left_out_of_the_list(shelf: Shelf, url: str) -> None:
    """Stored by another version of the coach: the rest is played on."""
    put(shelf, START)
    store = open_store(url)
    store.add_scenario(LOCAL.tenant, Version("old", 1, "id: old", "anna", FixedClock()()), None)
    store.close()
    assert ids(shelf)[-1] == "mine"
    with pytest.raises(NotFound, match="there is no scenario 'old'"):
        shelf.get(LOCAL.tenant, "old")


def test_a_session_finds_what_it_was_played_with_for_ever(shelf: Shelf, url: str) -> None:
    """Changed, withdrawn or replaced by an upgrade since; also in a process that began later."""
    put(shelf, START)
    before = shelf.get(LOCAL.tenant, "mine")
    shelf.keep(LOCAL.tenant, before)
    session = new_session(
        owner=LOCAL,
        scenario="mine",
        scenario_version=before.version,
        scenario_fingerprint=before.fingerprint,
    )
    put(shelf, START.replace("Not before the summer", "Another title"))
    shelf.withdraw(LOCAL, "mine")
    store = open_store(url)
    later = Shelf(ScenarioBook([]), store, FixedClock())
    assert later.played(session) == before
    assert later.played(session).version == 1
    store.close()


def test_a_session_from_before_versions_were_kept_is_read_with_the_present_one(
    shelf: Shelf,
) -> None:
    """It has no fingerprint."""
    session = new_session(owner=LOCAL, scenario="interest", scenario_version=1)
    assert shelf.played(session) == load_scenarios().get("interest")


def test_a_guest_plays_where_guests_are_welcome(shelf: Shelf) -> None:
    """Somebody of another scenario of the same kind; where none are, their own people are named."""
    welcoming = START.replace("\nopening:", "\nguests: true\n\nopening:")
    put(shelf, welcoming)
    host, guest = shelf.get(LOCAL.tenant, "mine"), load_scenarios().get("interest").personas[0]
    cast = shelf.cast(LOCAL.tenant, host, guest.id)
    assert cast.persona(guest.id) == guest
    assert cast.fingerprint != host.fingerprint
    assert shelf.cast(LOCAL.tenant, host, "helen-marsh") is host
    with pytest.raises(BadInput, match="nobody is called 'nobody'"):
        shelf.cast(LOCAL.tenant, host, "nobody")
    strategic = load_scenarios().all("strategic")[0].personas[0]
    with pytest.raises(BadInput, match="nobody is called"):
        shelf.cast(LOCAL.tenant, host, strategic.id)
    closed = scenario_of(START, "x")
    with pytest.raises(BadInput, match="it has: helen-marsh, jonas-reuter, ines-caldas"):
        shelf.cast(LOCAL.tenant, closed, guest.id)


def test_a_bundle_hands_scenarios_on(shelf: Shelf, tmp_path: Path) -> None:
    """To another installation, byte for byte; once more it changes nothing there."""
    put(shelf, START)
    wanted = ["mine", "interest"]
    pairs = [(shelf.get("local", one), shelf.source("local", one)) for one in wanted]
    content = pack(pairs)
    assert content == pack(pairs)
    store = open_store(f"sqlite:///{tmp_path / 'theirs.db'}")
    theirs = Shelf(load_scenarios(), store, FixedClock())
    found = bring(theirs, OTHERS, "b.zip", content)
    assert [(one.file, one.status) for one in found] == [
        ("mine.yaml", "new"),
        ("interest.yaml", "unchanged"),
    ]
    assert theirs.source("others", "mine") == START
    assert [one.status for one in bring(theirs, OTHERS, "b.zip", content)] == ["unchanged"] * 2
    store.close()


def test_each_file_of_a_bundle_has_its_answer(shelf: Shelf) -> None:
    """The good ones are stored; a reserved id, a fault and a changed file are told with why."""
    scenario = scenario_of(START, "x")
    content = pack([(scenario, START), (scenario.model_copy(update={"id": "b"}), "id: b")])
    good, bad = bring(shelf, LOCAL, "b.zip", content)
    assert (good.status, bad.status) == ("new", "refused")
    assert "kind: is missing" in map(str, bad.faults)
    (reserved,) = bring(shelf, LOCAL, "x.yaml", started("try").encode())
    assert "can't have the id 'try'" in reserved.faults[0].msg
    (binary,) = bring(shelf, LOCAL, "x.yaml", b"\xff\xfe\x00")
    assert binary.faults[0].msg == "is neither a zip nor UTF-8 text"
    assert ids(shelf)[-1] == "mine"


def rezipped(change: dict[str, bytes | None]) -> bytes:
    import io  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    out = io.BytesIO()
    scenario = scenario_of(START, "x")
    with (
        zipfile.ZipFile(io.BytesIO(pack([(scenario, START)]))) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        files: dict[str, bytes | None] = {name: before.read(name) for name in before.namelist()}
        for name, content in (files | change).items():
            if content is not None:
                after.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"mine.yaml": b"id: other"}, "isn't the file that the manifest names"),
        ({"mine.yaml": None}, "is in the manifest and not in the zip"),
        ({"../evil.yaml": b"id: x"}, "leads out of the zip"),
        ({"bomb.yaml": b"0" * 9_000_000}, "looks like a bomb"),
    ],
)
def test_a_bundle_that_was_tampered_with_is_told(
    change: dict[str, bytes | None], told: str
) -> None:
    """Changed, torn, leading out of itself, or a bomb."""
    assert any(told in entry.trouble for entry in unpack(rezipped(change), "b.zip"))


@pytest.mark.parametrize("manifest", [b"{", b"[]", b'{"format": "other"}', b"[7, {}" * 20])
def test_a_manifest_that_cannot_be_read_is_told(manifest: bytes) -> None:
    """And nothing is stored."""
    with pytest.raises(BadInput, match=r"the manifest of b\.zip can't be read"):
        unpack(rezipped({MANIFEST: manifest}), "b.zip")


def test_a_zip_made_by_hand_will_do() -> None:
    """No manifest, no hashes; a schema beside the files is left out."""
    found = unpack(rezipped({MANIFEST: None, "scenario.schema.json": b"{}"}), "b.zip")
    assert [(entry.file, entry.trouble) for entry in found] == [("mine.yaml", "")]


def test_only_trainers_may() -> None:
    """A rep is refused, in words."""
    with pytest.raises(Refused, match="only trainers and admins may do that"):
        Caller(user="rep").must_be("trainer", "admin")
    LOCAL.must_be("trainer", "admin")


def test_a_copy_of_what_ships_is_ones_own(shelf: Shelf) -> None:
    """Under another id, from version one."""
    kept = put(shelf, copied("ours", shelf.source(LOCAL.tenant, "trust-unknown")))
    assert (kept.scenario.id, kept.scenario.version) == ("ours", 1)
