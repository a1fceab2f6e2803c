"""Users, teams and tokens, as whoever runs the coach keeps them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coach.accounts.book import AccountBook
from coach.accounts.secret import digest_of, new_token, prefix_of
from coach.errors import BadInput, Conflict, NotFound, Refused
from coach.session import LOCAL, Caller
from coach.store import SqlStore, open_store
from tests.coach.store.samples import new_session
from tests.fakes import FixedClock


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    one = open_store(f"sqlite:///{tmp_path_factory.mktemp('accounts') / 'coach.db'}")
    yield one
    one.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def book(store: SqlStore, clock: FixedClock) -> AccountBook:
    """On one database for all: each test has users of its own."""
    return AccountBook(store.accounts, clock)


def test_the_first_user_is_an_admin_who_may_take_over(store: SqlStore, book: AccountBook) -> None:
    """Else nobody could let anybody in; what the local user practised is theirs then."""
    assert not book.in_use()
    with pytest.raises(Refused, match="admin must be made first"):
        book.arrived("eve@acme.example", "local", None)
    with pytest.raises(BadInput, match="first user must be an admin"):
        book.add_user("rita")
    session = new_session(owner=Caller(LOCAL.user, LOCAL.tenant))
    store.create(session)
    user, taken = book.add_user("Ada@Acme.Example", ["admin"], take_over=True)
    assert (user.name, taken, book.in_use()) == ("ada@acme.example", 1, True)
    assert store.load(Caller(user.name), session.id).owner.user == user.name
    with pytest.raises(Conflict, match="already"):
        book.add_user("ada@acme.example")
    with pytest.raises(Conflict, match="last admin"):
        book.disable("ada@acme.example")
    with pytest.raises(Conflict, match="last admin"):
        book.set_roles("ada@acme.example", ["rep"])


@pytest.mark.parametrize("name", ["", "local", "two words", "-x", "a/b", "x" * 121, "é"])
def test_a_name_that_cant_be_a_users_is_refused(book: AccountBook, name: str) -> None:
    """In one line that says what can."""
    with pytest.raises(BadInput):
        book.add_user(name, ["admin"])


def test_a_token_tells_who_it_is_as_long_as_it_holds(book: AccountBook, clock: FixedClock) -> None:
    """Its secret is kept nowhere; it ends with its days, its revoking and its user."""
    book.add_user("tia", ["admin", "trainer"])
    token, text = book.create_token("tia", "laptop", days=1)
    assert token.digest == digest_of(text)
    assert text not in str(book.tokens())
    caller = book.caller_with(text)
    assert caller == Caller("tia", "local", frozenset({"admin", "trainer"}))
    assert caller.token == token.id
    [shown] = book.tokens(user="tia")
    assert shown.last_used_at == clock()
    for wrong in (text[:-1], text.upper(), new_token()[0], "", f"{text} "):
        assert book.caller_with(wrong) is None
    clock.advance(hours=24)
    assert book.caller_with(text) is None
    _, text = book.create_token("tia")
    assert book.caller_with(text)
    book.disable("tia")
    assert book.caller_with(text) is None
    book.enable("tia")
    assert book.caller_with(text)
    prefix = prefix_of(text)
    assert prefix
    book.revoke(prefix)
    assert book.caller_with(text) is None
    with pytest.raises(NotFound, match="coach token list"):
        book.revoke("nothing")


def test_a_trainer_has_the_teams_they_train(book: AccountBook) -> None:
    """Being in a team isn't training it, and without the role nobody trains."""
    book.add_user("tom", ["trainer"])
    book.add_user("rob")
    team = book.add_team("North  West")
    book.join("North West", "rob")
    with pytest.raises(BadInput, match="isn't a trainer"):
        book.join("North West", "rob", trains=True)
    _, text = book.create_token("tom")
    assert book.join("North West", "tom").members == ("rob", "tom")
    assert book.caller_with(text).teams == frozenset()  # type: ignore[union-attr]
    assert book.join("North West", "tom", trains=True).trainers == ("tom",)
    tom = book.caller_with(text)
    assert tom is not None
    assert tom.teams == {team.id}
    assert book.member_trained_by(tom, "rob") == Caller("rob")
    book.leave("North West", "rob")
    with pytest.raises(NotFound):
        book.member_trained_by(tom, "rob")
    book.set_roles("tom", ["rep"])
    assert book.caller_with(text).teams == frozenset()  # type: ignore[union-attr]


def test_two_tenants_may_have_users_of_one_name(book: AccountBook) -> None:
    """They are two people."""
    book.add_tenant("south", "South Ltd")
    book.add_user("kim", ["admin"])
    book.add_user("kim", ["rep"], "south")
    _, text = book.create_token("kim", tenant="south")
    assert book.caller_with(text) == Caller("kim", "south")
    with pytest.raises(NotFound, match="there is no tenant"):
        book.add_user("kim", ["rep"], "nowhere")
    with pytest.raises(BadInput):
        book.add_tenant("../south")
