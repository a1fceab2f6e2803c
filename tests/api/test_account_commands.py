"""``coach user``, ``team``, ``token`` and ``tenant``, and a coach that has users."""

from __future__ import annotations

import json

import pytest

from api.server import listen, serve
from coach.errors import Refused
from coach.settings import Settings
from tests.api.conftest import Run


def test_from_no_user_to_a_token_that_opens(run: Run, settings: Settings) -> None:
    """Each step says the next one; a token is shown once, and lists never have it."""
    assert "There are no users" in run("user", "list")[1]
    code, _, err = run("user", "add", "ada")
    assert (code, err) == (2, "coach: the first user must be an admin: add --role admin\n")
    assert "coach token create ada" in run("user", "add", "ada", "--role", "admin")[1]
    made = json.loads(run("token", "create", "ada", "--days", "9", "--json")[1])
    assert made["token"].startswith(f"coach_{made['prefix']}_")
    listed = json.loads(run("token", "list", "--json")[1])["items"]
    assert [one["prefix"] for one in listed] == [made["prefix"]]
    assert made["token"] not in str(listed)
    assert run("user", "add", "tess", "--role", "trainer")[0] == 0
    run("team", "add", "North")
    assert "trained by tess" in run("team", "join", "North", "tess", "--trains")[1]
    assert "ada (local: admin)" in run("user", "list")[1]
    assert "Revoked" in run("token", "revoke", made["prefix"])[1]
    assert run("token", "create", "nobody")[2].startswith("coach: there is no user 'nobody'")
    assert "acme" in run("tenant", "add", "acme")[1]
    assert "acme" in run("tenant", "list")[1]


def test_another_address_is_listened_on_only_with_users(run: Run, settings: Settings) -> None:
    """Refused at start, with the command that mends it."""
    with pytest.raises(Refused, match="coach user add NAME --role admin"):
        serve(settings, "0.0.0.0", 0, lambda done, of: None, print)  # noqa: S104
    with listen("0.0.0.0", 0, anywhere=True) as bound:  # noqa: S104
        assert bound.getsockname()[1]
