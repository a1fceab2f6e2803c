"""The `coach` command: words for people, JSON for programs, errors in one line."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import cli
from coach.errors import Unavailable
from tests.api.conftest import Run
from tests.fakes_service import FakeService

ROOT = Path(__file__).parents[2]


def test_help_answers_at_once() -> None:
    """In under 0.3 s of processor time: waiting for busy neighbours is not ours to answer for."""
    command = [sys.executable, "-m", "api.cli", "--help"]
    took = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        took.append((cpu, wall))
    cpu, wall = min(took)
    print(f"coach --help: {cpu * 1000:.0f} ms of processor, {wall * 1000:.0f} ms on the clock")
    assert cpu < 0.3


def test_help_loads_nothing_heavy() -> None:
    """Neither the web framework nor the index nor the client."""
    listing = "import api.cli, sys; print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy = {"fastapi", "pydantic", "chromadb", "httpx", "uvicorn", "rich", "numpy", "yaml"}
    assert not heavy & set(found.stdout.split())


def test_without_a_command_it_says_what_there_is(run: Run) -> None:
    """The same as --help, and no failure."""
    code, out, _ = run()
    assert code == 0
    assert "suggest" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"],
        ["suggest"],
        ["suggest", "a", "--count", "9"],
        ["practise", "--difficulty", "brutal"],
        ["search", "a", "--kind", "gossip"],
        ["suggest", "   "],
    ],
)
def test_misuse_is_one_line_and_exit_2(
    run: Run, service: FakeService, arguments: list[str]
) -> None:
    """Whether the command line or the server finds it."""
    service.fails = cli.BadInput("write between 1 and 8,000 characters")
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("coach: ")
    assert err.count("\n") == 1


def test_a_failure_is_one_line_and_exit_1(run: Run, service: FakeService) -> None:
    """Never a traceback; COACH_DEBUG shows where."""
    service.fails = Unavailable("the database doesn't answer; try again")
    assert run("suggest", "Hm") == (1, "", "coach: the database doesn't answer; try again\n")
    service.fails = ZeroDivisionError("boom")
    code, _, err = run("suggest", "Hm")
    assert code == 1
    assert err.count("\n") == 1
    assert "boom" not in err


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is started."""
    monkeypatch.setenv("COACH_MODEL_URL", "localhost:8080")
    code, _, err = run("suggest", "Hm")
    assert code == 1
    assert "COACH_MODEL_URL" in err


@pytest.mark.parametrize(
    ("arguments", "method", "path", "body"),
    [
        (["suggest", "Hm"], "POST", "/v1/suggestions", {"objection": "Hm"}),
        (["check", "It works."], "POST", "/v1/claims/check", {"text": "It works."}),
        (
            ["search", "outage", "--kind", "rumour"],
            "GET",
            "/v1/evidence?q=outage&kind=rumour",
            None,
        ),
    ],
)
def test_json_is_what_the_api_answers(
    run: Run, client: TestClient, arguments: list[str], method: str, path: str, body: object
) -> None:
    """Field for field, in the same order."""
    code, out, _ = run(*arguments, "--json")
    assert code == 0
    answer = client.request(method, path, json=body).json()
    assert json.dumps(json.loads(out)) == json.dumps(answer)


def test_scenarios_are_listed_without_starting_anything(run: Run, service: FakeService) -> None:
    """The JSON is the API's list; the words name the personas."""
    service.fails = Unavailable("not needed")
    code, out, _ = run("scenarios", "--kind", "tactical", "--json")
    body = json.loads(out)
    assert code == 0
    assert body.keys() == {"items", "next_cursor"}
    assert all(item["kind"] == "tactical" for item in body["items"])
    assert run("scenarios")[0] == 0


def test_suggestions_are_shown_with_their_proof(run: Run, service: FakeService) -> None:
    """For people: the words, the quote and where it comes from."""
    code, out, _ = run("suggest", "-", "--sector", "healthcare", "--size", "40", typed="Who?\n")
    assert code == 0
    assert "proof [case/nordhavn 1]: “Nordhavn Clinics cut" in out
    assert "No evidence for: audit" in out
    assert "This is about unknown. (unknown, confidence 0.80)" in out
    objection, situation, count = service.asked[0]  # type: ignore[misc]
    assert objection == "Who?\n"
    assert (situation.sector, situation.customer_size, count) == ("healthcare", 40, 3)  # type: ignore[has-type]


def test_search_and_check_speak_to_people(run: Run) -> None:
    """What is out of date or a rumour is said."""
    code, out, _ = run("search", "outage")
    assert code == 0
    assert "out of date since 2025-05-14" in out
    assert "this rumour is true" in out
    assert "supported: It works." in run("check", "It works.")[1]


def test_a_transcript_is_printed_in_the_form_asked_for(run: Run, service: FakeService) -> None:
    """Markdown unless told otherwise; an unknown session is told."""
    run("practise", "trust-unknown", typed="Hello\n")
    assert run("transcript", "s1")[1].startswith("# Practice transcript")
    assert json.loads(run("transcript", "s1", "--format", "json")[1])["turn_count"] == 3
    assert run("transcript", "s1", "--format", "csv")[1].startswith("index,speaker,at")
    assert run("transcript", "../../healthz")[0] == 1


def test_interrupting_a_command_is_no_crash(
    run: Run, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle of a practice leaves politely; elsewhere it is exit 130."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.client.ApiClient.take_turn", interrupted)
    code, out, err = run("practise", "trust-unknown", typed="Hello\n")
    assert (code, err) == (0, "")
    assert "The session is kept" in out
    monkeypatch.setattr("api.client.ApiClient.post", interrupted)
    assert run("suggest", "Hm")[0] == 130
