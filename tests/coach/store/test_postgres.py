"""What is particular to PostgreSQL: how it is opened, and how it comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from coach.errors import BadInput, Misconfigured, Unavailable
from coach.session import Caller
from coach.store import SqlStore, open_store
from coach.store.engine import transaction
from tests.coach.store.samples import ANNA, exchange_at, new_session
from tests.postgres import Server, own_database, server


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = open_store(own_database())
    yield store
    store.close()


def test_nothing_listens() -> None:
    """An address where nobody answers is named, with what to do, and without the password."""
    with pytest.raises(Unavailable, match=r"no PostgreSQL answers at 127\.0\.0\.1:9") as refused:
        open_store("postgresql://coach:secret@127.0.0.1:9/coach")
    assert "COACH_DATABASE_URL" in refused.value.message
    assert "secret" not in refused.value.message


def test_a_database_that_is_not_there() -> None:
    """What the server says is passed on in one line."""
    with pytest.raises(Misconfigured, match='refuses: database "nowhere" does not exist'):
        open_store(server().address("nowhere"))


def test_a_user_who_owns_nothing() -> None:
    """Who may not make tables is told whose database it must be."""
    server().execute("CREATE ROLE guest LOGIN")
    address = server().make_database().replace("postgres@", "guest@")
    with pytest.raises(Misconfigured, match=r"permission denied.*a database that its user owns"):
        open_store(address)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_way_to_write_the_address(scheme: str) -> None:
    """As hosts hand it out."""
    open_store(own_database().replace("postgresql", scheme, 1)).close()


def test_what_postgresql_cannot_keep(store: SqlStore) -> None:
    """NUL in a text is the sender's fault, and nothing is stored of it."""
    session = new_session()
    store.create(session)
    with pytest.raises(BadInput, match="NUL"):
        store.append(ANNA, session.id, exchange_at(1, text="a\x00b"))
    assert store.load(ANNA, session.id) == session


def test_a_reader_sees_one_moment(store: SqlStore) -> None:
    """What is committed between two queries of a transaction isn't in the second one."""
    session = new_session()
    store.create(session)
    count = text("SELECT count(*) FROM turns")
    with transaction(store.reads, ANNA.tenant) as connection:
        before = connection.scalar(count)
        store.append(ANNA, session.id, exchange_at(1))
        assert connection.scalar(count) == before == 1


def test_who_holds_a_row_too_long_is_not_waited_for(store: SqlStore) -> None:
    """The writer is told in words that name no row; the others go on."""
    session, other = new_session(), new_session()
    store.create(session)
    store.create(other)
    hold = text("SELECT id FROM sessions WHERE id = :id FOR UPDATE")
    short = SqlStore(f"{_url(store)}&options=-c%20lock_timeout%3D50")
    with transaction(store.writes, ANNA.tenant) as connection:
        connection.execute(hold, {"id": session.id})
        with pytest.raises(Unavailable, match="another transaction holds what is needed"):
            short.append(ANNA, session.id, exchange_at(1))
        short.append(ANNA, other.id, exchange_at(1))
    short.append(ANNA, session.id, exchange_at(1))
    short.close()


@pytest.mark.slow
def test_a_server_that_was_gone_is_found_again() -> None:
    """While it is gone a verb says so; once it is back the same store works, without a word."""
    cluster = Server()
    store, session = open_store(cluster.make_database()), new_session()
    store.create(session)
    for how in ("fast", "immediate"):
        cluster.stop(how)
        for _ in range(3):
            with pytest.raises(Unavailable, match="it can't be reached"):
                store.load(ANNA, session.id)
        with pytest.raises(Unavailable):
            store.ping()
        cluster.start()
        assert store.load(ANNA, session.id) == session
        store.ping()
    store.append(ANNA, session.id, exchange_at(1))
    assert store.load(ANNA, session.id).turn_count == 3
    assert store.sessions(Caller("bert", "north"), 1, None) == ([], None)
    store.close()
    cluster.remove()


def _url(store: SqlStore) -> str:
    return store.url.render_as_string(hide_password=False)
