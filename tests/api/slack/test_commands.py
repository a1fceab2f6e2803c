"""``coach slack``: a manifest to paste, and what is missing, each with what to do."""

from __future__ import annotations

import json

import pytest

from tests.api.conftest import Run
from tests.slack_server import SECRET, TOKEN, slack_server


def test_the_manifest_is_ready_to_paste(run: Run) -> None:
    """JSON for the address; without one it says what to write."""
    code, out, _ = run("slack", "manifest", "https://coach.example")
    assert code == 0
    assert "https://coach.example/slack/events" in str(json.loads(out))
    code, _, error = run("slack", "manifest")
    assert code != 0
    assert "coach slack manifest https://HOST" in error


def test_what_is_missing_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """First the settings, then the address and users; a token that Slack refuses is told."""
    code, out, _ = run("slack", "check")
    assert code == 1
    assert "COACH_SLACK_SIGNING_SECRET" in out
    monkeypatch.setenv("COACH_SLACK_SIGNING_SECRET", SECRET)
    monkeypatch.setenv("COACH_SLACK_BOT_TOKEN", TOKEN)
    with slack_server() as slack:
        monkeypatch.setenv("COACH_SLACK_API", slack.url)
        checks = json.loads(run("slack", "check", "--json")[1])["checks"]
        found = {one["name"]: one["verdict"] for one in checks}
        assert found["bot token"] == "ok"
        assert (found["links"], found["users"]) == ("missing", "missing")
        slack.fail["auth.test"] = ["invalid_auth"]
        assert "invalid_auth" in run("slack", "check")[1]
