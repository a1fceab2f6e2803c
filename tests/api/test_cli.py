"""The `coach` command: words for people, JSON for programs, errors in one line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import cli
from coach.errors import Unavailable
from coach.settings import Settings
from tests.fakes_service import FakeService

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs one command on a fresh home over the fake service: exit code, output, errors."""
    for name in ("OPENAI_API_KEY", "COACH_MODEL_URL", "COACH_MODEL", "COACH_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(settings.home)
    monkeypatch.setenv("COACH_HOME", str(settings.home))

    def run_one(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coach", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run_one


def test_help_answers_at_once() -> None:
    """Best of five under 0.3 s, and no heavy module is loaded for it."""
    command = [sys.executable, "-X", "importtime", "-m", "api.cli", "--help"]
    took, found = [], None
    for _ in range(5):
        start = time.perf_counter()
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        took.append(time.perf_counter() - start)
    assert found
    assert "practise" in found.stdout
    loaded = {line.rpartition("|")[2].strip() for line in found.stderr.splitlines()}
    assert not loaded & {"fastapi", "pydantic", "chromadb", "httpx", "uvicorn", "rich", "numpy"}
    print(f"coach --help: {min(took) * 1000:.0f} ms")
    assert min(took) < 0.3


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


def test_a_session_is_practised_over_a_pipe(run: Run) -> None:
    """Buyer, tip, hint, the end and the debrief; what was typed is echoed."""
    typed = "\nWe know your field.\n/help\n/hint\n/end\n"
    code, out, err = run("practise", "trust-unknown", "--persona", "tobias", typed=typed)
    assert (code, err) == (0, "")
    for words in (
        "You meet Tobias, COO at Fjellheim.",
        "come from: embedded",
        "Tobias: Who are you?",
        "You: We know your field.",
        "Tobias: Who else uses you?",
        "Tip: Ask one more question.",
        "Hint 1: What worries them?",
        "Debrief: ended, not scored",
        "The hidden card",
    ):
        assert words in out


def test_a_won_session_ends_with_its_debrief(run: Run) -> None:
    """Without asking for it."""
    _, out, _ = run("practise", "trust-unknown", typed="How about a pilot?\nnever read\n")
    assert "Debrief: won" in out
    assert "never read" not in out


def test_a_scenario_is_picked_by_number(run: Run) -> None:
    """A wrong answer is asked again."""
    code, out, _ = run("practise", typed="9\n1\n/quit\n")
    assert code == 0
    assert "A number from 1 to 1, please" in out
    assert "Left. The session is kept: coach transcript s1" in out


@pytest.mark.parametrize("typed", ["", "1\n", "1\nHello\n", "/quit\n"])
def test_the_end_of_the_input_ends_politely(run: Run, typed: str) -> None:
    """Ctrl-D at any point is no error."""
    code, _, err = run("practise", typed=typed)
    assert (code, err) == (0, "")


def test_a_turn_that_fails_leaves_the_session_open(run: Run, service: FakeService) -> None:
    """The rep is told and goes on."""
    service.breaks = Unavailable("try again")
    code, out, err = run("practise", "trust-unknown", typed="Hello\n/hint\n/quit\n")
    assert code == 0
    assert err == "coach: try again\n"
    assert "Hint 1" in out


def test_withdrawn_words_are_explained(run: Run, service: FakeService) -> None:
    """The reply starts anew after the note."""
    service.note = "The model failed."
    _, out, _ = run("practise", "trust-unknown", typed="Hello\n")
    assert "(The model failed.)\nIngrid: Who else uses you?" in out


def test_a_transcript_is_printed_in_the_form_asked_for(run: Run, service: FakeService) -> None:
    """Markdown unless told otherwise; an unknown session is told."""
    run("practise", "trust-unknown", typed="Hello\n")
    assert run("transcript", "s1")[1].startswith("# Practice transcript")
    assert json.loads(run("transcript", "s1", "--format", "json")[1])["turn_count"] == 3
    assert run("transcript", "s1", "--format", "csv")[1].startswith("index,speaker,at")
    assert run("transcript", "../../healthz")[0] == 1


def test_nothing_steers_the_terminal(run: Run, service: FakeService) -> None:
    """Control characters of a reply are dropped."""
    service.reply = "\x1b]0;title\x07\x1b[2JHello\x9b31m"
    _, out, _ = run("practise", "trust-unknown", typed="Hello\n")
    assert "\x1b" not in out
    assert "\x9b" not in out


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
