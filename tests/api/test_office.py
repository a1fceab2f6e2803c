"""Users, teams and tokens over HTTP: an admin's own tenant, and nothing that shuts all out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from coach.accounts.book import AccountBook
from coach.store import open_store
from tests.api.conftest import HERE, lending
from tests.fakes import FixedClock
from tests.fakes_service import FakeService

KEYED = {"Idempotency-Key": "k1"}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[AccountBook]:
    store = open_store(f"sqlite:///{tmp_path / 'coach.db'}")
    yield AccountBook(store.accounts, FixedClock())
    store.close()


@pytest.fixture
def client(book: AccountBook, service: FakeService) -> Iterator[TestClient]:
    """Whoever asks is the admin ada, unless another token is sent."""
    service.accounts = book
    with TestClient(create_app(lending(service)), base_url=HERE) as client:
        yield client


@pytest.fixture
def ada(book: AccountBook, client: TestClient) -> TestClient:
    book.add_user("ada", ["admin"])
    client.headers["Authorization"] = f"Bearer {book.create_token('ada')[1]}"
    return client


def posted(client: TestClient, path: str, status: int = 201, **body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_from_a_user_to_a_token_that_opens(ada: TestClient) -> None:
    """A trainer and a rep in a team, and the trainer's token lists it; a PATCH shuts them out."""
    posted(ada, "/v1/users", name="Tess@acme.example", roles=["trainer"])
    assert posted(ada, "/v1/users", name="rita")["roles"] == ["rep"]
    team = posted(ada, "/v1/teams", name="North")
    place = f"/v1/teams/{team['id']}/members"
    assert ada.put(f"{place}/rita", json={}).json()["members"] == ["rita"]
    trained = ada.put(f"{place}/tess@acme.example", json={"trains": True}).json()
    assert trained["trainers"] == ["tess@acme.example"]
    made = posted(ada, "/v1/tokens", user="tess@acme.example", label="laptop", days=9)
    tess = {"Authorization": f"Bearer {made['token']}"}
    assert ada.get("/v1/teams", headers=tess).json()["items"] == [trained]
    assert ada.get(f"/v1/teams/{team['id']}", headers=tess).json() == trained
    assert ada.get("/v1/users", headers=tess).status_code == 403
    shut = ada.patch("/v1/users/tess@acme.example", json={"disabled": True}).json()
    assert shut["disabled_at"]
    assert ada.get("/v1/teams", headers=tess).status_code == 401
    assert not ada.patch("/v1/users/tess@acme.example", json={"disabled": False}).json()[
        "disabled_at"
    ]
    revoked = ada.delete(f"/v1/tokens/{made['id']}").json()
    assert revoked["revoked_at"]
    assert ada.get("/v1/teams", headers=tess).status_code == 401
    assert ada.delete(f"{place}/rita").json()["members"] == []


def test_a_token_is_shown_once(ada: TestClient) -> None:
    """Not in a list, and not to the same request sent again: the coach doesn't have it."""
    body = {"user": "ada", "label": "laptop"}
    first = ada.post("/v1/tokens", json=body, headers=KEYED)
    again = ada.post("/v1/tokens", json=body, headers=KEYED)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == {**first.json(), "token": ""}
    listed = ada.get("/v1/tokens", params={"user": "ada"})
    assert first.json()["prefix"] in listed.text
    assert first.json()["token"] not in listed.text
    assert len(listed.json()["items"]) == 2


def test_nobody_is_shut_out_by_accident(ada: TestClient) -> None:
    """The last admin stays one; what is wrong is said in words, and nothing is changed."""
    for change in ({"roles": ["rep"]}, {"disabled": True}):
        refused = ada.patch("/v1/users/ada", json=change)
        assert refused.status_code == 409
        assert "last admin" in refused.json()["detail"]
    assert ada.patch("/v1/users/ada", json={"roles": ["king"]}).status_code == 422
    assert ada.patch("/v1/users/nobody", json={"disabled": True}).status_code == 404
    assert posted(ada, "/v1/users", 409, name="ADA")["detail"].startswith("there is a user")
    assert posted(ada, "/v1/users", 422, name="a b")["detail"].startswith("a user is named")
    assert ada.get("/v1/users/ada").json()["roles"] == ["admin"]


def test_the_first_user_is_made_on_the_machine(client: TestClient, book: AccountBook) -> None:
    """From here nobody could come in afterwards: no token would have been shown."""
    refused = posted(client, "/v1/users", 409, name="ada", roles=["admin"])
    assert "coach user add NAME --role admin" in refused["detail"]
    assert not book.in_use()


def test_another_tenants_are_nowhere(ada: TestClient, book: AccountBook) -> None:
    """Neither listed nor found by id."""
    book.add_tenant("acme")
    book.add_user("mia", ["admin"], "acme")
    theirs, _ = book.create_token("mia", tenant="acme")
    team = book.add_team("South", "acme")
    for path in ("/v1/users", "/v1/teams", "/v1/tokens"):
        assert not {"mia", "South"} & set(str(ada.get(path).json()).split("'"))
    assert ada.get("/v1/users/mia").status_code == 404
    assert ada.patch("/v1/users/mia", json={"disabled": True}).status_code == 404
    assert ada.delete(f"/v1/tokens/{theirs.id}").status_code == 404
    assert ada.put(f"/v1/teams/{team.id}/members/ada", json={}).status_code == 404
