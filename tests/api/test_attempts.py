"""Branches, comparison, guesses and idempotency keys over HTTP, on the real service."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import cli
from api.client import ApiClient
from coach.scenario_book import load_scenarios

OWNED = (
    "Yes, that is true. On 12 March 2024 a storage update failed and 212 customers could not "
    "call for nine hours. What would that have meant for you?"
)
DENIED = "There was no outage. That is just a rumour our competitors spread."
HIDDEN = "They vouched for a supplier before the board and were left with a wrong answer"
NEW = {"scenario": "trust-true-rumour", "seed": 7, "difficulty": "normal"}


def begun(coach: TestClient, *texts: str, **changes: Any) -> str:
    session = str(coach.post("/v1/sessions", json=NEW | changes).json()["id"])
    for text in texts:
        coach.post(f"/v1/sessions/{session}/turns", json={"text": text}).raise_for_status()
    return session


def branch(coach: TestClient, session: str, turn: object, **headers: str) -> Any:
    return coach.post(f"/v1/sessions/{session}/branch", json={"turn": turn}, headers=headers)


class TestBranch:
    def test_a_new_session_with_a_parent(self, coach: TestClient) -> None:
        """201, its address, the turns before that turn, and the other one as it was."""
        session = begun(coach, OWNED, DENIED)
        before = coach.get(f"/v1/sessions/{session}").json()
        made = branch(coach, session, 3)
        assert made.status_code == 201, made.text
        body = made.json()
        assert made.headers["Location"] == f"/v1/sessions/{body['id']}"
        assert body["parent"] == {"session": session, "turn": 3}
        assert body["turns"] == before["turns"][:3]
        assert body["status"] == "active"
        assert coach.get(f"/v1/sessions/{session}").json() == before

    @pytest.mark.parametrize("turn", [-1, 99, 2**31, "3", 3.5, None, True])
    def test_turns_that_are_none(self, coach: TestClient, turn: object) -> None:
        """422, as a problem that says what there is."""
        refused = branch(coach, begun(coach), turn)
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"

    def test_its_transcript_says_what_it_goes_back_to(self, coach: TestClient) -> None:
        """So that whoever reads it knows that its beginning was said elsewhere."""
        session = begun(coach)
        made = branch(coach, session, 1).json()["id"]
        text = coach.get(f"/v1/sessions/{made}/transcript", params={"format": "md"}).text
        assert f"to turn 1 of {session}" in text

    def test_a_session_that_is_none(self, coach: TestClient) -> None:
        """404 for every verb about attempts."""
        for asked in (
            branch(coach, "nobody", 1),
            coach.get("/v1/sessions/nobody/branches"),
            coach.get(f"/v1/sessions/{begun(coach)}/compare/nobody"),
            coach.post("/v1/sessions/nobody/diagnosis", json={"text": "Price"}),
        ):
            assert asked.status_code == 404


def test_the_tree_and_the_comparison(coach: TestClient) -> None:
    """Which attempts there are, and what the second did better than the first."""
    first = begun(coach, DENIED)
    second = branch(coach, first, 1).json()["id"]
    coach.post(f"/v1/sessions/{second}/turns", json={"text": OWNED})
    for asked in (first, second):
        items = coach.get(f"/v1/sessions/{asked}/branches").json()["items"]
        assert [(i["session"], i["turn"], i["number"]) for i in items] == [
            (first, None, 1),
            (second, 1, 2),
        ]
    body = coach.get(f"/v1/sessions/{first}/compare/{second}").json()
    assert (body["parted_at"], body["answered"]["index"]) == (1, 0)
    left, right = (side["exchanges"][0] for side in body["sides"])
    assert left["seller"]["text"] == DENIED
    assert right["seller"]["assessment"]["checks"]
    assert left["mood"]["trust"] < right["mood"]["trust"]
    assert all(w["standing"] != "hidden" for w in left["worries"] + right["worries"])


class TestDiagnosis:
    def guess(self, coach: TestClient, session: str, text: str) -> Any:
        return coach.post(f"/v1/sessions/{session}/diagnosis", json={"text": text})

    def test_a_guess_is_graded_without_giving_the_answer(self, coach: TestClient) -> None:
        """Right, and not a word of the card; what the buyer says openly is named."""
        session = begun(coach)
        right = self.guess(coach, session, HIDDEN)
        assert right.json() == {"level": "right", "concern": "", "left": 2, "cards": []}
        other = self.guess(coach, session, "The nine hour outage could happen again").json()
        assert (other["level"], bool(other["concern"])) == ("other_concern", True)
        assert self.guess(coach, session, "They want a nicer logo").json()["level"] == "no_match"

    def test_three_guesses_and_no_more(self, coach: TestClient) -> None:
        """The fourth is a conflict; a branch brings no new ones; all are told in the debrief."""
        session = begun(coach, OWNED)
        for left in (2, 1, 0):
            assert self.guess(coach, session, "The price").json()["left"] == left
        assert self.guess(coach, session, HIDDEN).status_code == 409
        other = branch(coach, session, 1).json()["id"]
        assert self.guess(coach, other, HIDDEN).status_code == 409
        assert len(coach.get(f"/v1/sessions/{session}").json()["guesses"]) == 3
        debrief = coach.post(f"/v1/sessions/{session}/end").json()
        assert [g["text"] for g in debrief["guesses"]] == ["The price"] * 3

    def test_the_buyer_never_hears_a_guess(self, coach: TestClient) -> None:
        """The same words get the same reply, guessed or not."""
        replies = []
        for guesses in (0, 3):
            session = begun(coach)
            for _ in range(guesses):
                self.guess(coach, session, HIDDEN)
            sent = coach.post(f"/v1/sessions/{session}/turns", json={"text": OWNED})
            replies.append(sent.json()["buyer"]["text"])
        assert replies[0] == replies[1]

    def test_the_card_is_shown_once_the_session_ended(self, coach: TestClient) -> None:
        """With what was hidden and whether the buyer came to tell it, however many guesses."""
        session = begun(coach)
        coach.post(f"/v1/sessions/{session}/end")
        for left in (2, 1, 0, 0):
            told = self.guess(coach, session, HIDDEN).json()
            assert (told["level"], told["left"]) == ("right", left)
            assert [(c["id"], c["told"]) for c in told["cards"]] == [("left-standing", False)]
            assert "board" in told["cards"][0]["card"]

    @pytest.mark.parametrize("text", ["", "  ", "x" * 301, "a\x00b"])
    def test_guesses_that_are_none(self, coach: TestClient, text: str) -> None:
        """Refused, and not counted."""
        session = begun(coach)
        assert self.guess(coach, session, text).status_code == 422
        assert self.guess(coach, session, "Price").json()["left"] == 2

    def test_of_a_buyer_who_needs_nothing(self, coach: TestClient) -> None:
        """There "they don't need it" is right; of one who has the need it isn't."""
        interest = load_scenarios().get("interest")
        levels = []
        for need in (False, True):
            seed = next(n for n in range(1000) if interest.needed(n) is need)
            session = begun(coach, scenario="interest", seed=seed)
            levels.append(self.guess(coach, session, "They don't need it").json()["level"])
        assert levels[0] == "right"
        assert levels[1] in ("no_match", "other_concern")

    def test_of_a_buyer_who_hides_nothing(self, coach: TestClient) -> None:
        """There is nothing to guess, and it says so."""
        source = coach.get("/v1/scenarios/trust-unknown/source").text
        open_ = source.replace("hidden: true", "hidden: false")
        made = coach.post("/v1/scenarios/try", json={"source": open_})
        assert made.status_code == 201, made.text
        refused = self.guess(coach, made.json()["id"], "Price")
        assert (refused.status_code, "hides nothing" in refused.json()["detail"]) == (409, True)
        assert "What is it really about" not in coach.get(f"/practice/{made.json()['id']}").text

    def test_naming_everything_names_nothing(self, coach: TestClient) -> None:
        """A list of all worries there are isn't right."""
        everything = (
            "Price, loyalty, their job, privacy, budget, a bad demo, the board, the team, "
            "a failed migration, exclusivity, finance, the trade press, training, contracts"
        )
        assert self.guess(coach, begun(coach), everything).json()["level"] != "right"


class TestKeys:
    def test_the_same_request_is_answered_once(self, coach: TestClient) -> None:
        """Same key, same body: the first answer, whatever became of the session since."""
        key = {"Idempotency-Key": "start-1"}
        first = coach.post("/v1/sessions", json=NEW, headers=key)
        session = first.json()["id"]
        coach.post(f"/v1/sessions/{session}/turns", json={"text": OWNED})
        again = coach.post("/v1/sessions", json=NEW, headers=key)
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["Location"] == first.headers["Location"]
        made = branch(coach, session, 1, **{"Idempotency-Key": "branch-1"}).json()
        assert branch(coach, session, 1, **{"Idempotency-Key": "branch-1"}).json() == made
        assert len(coach.get(f"/v1/sessions/{session}/branches").json()["items"]) == 2

    def test_a_key_stands_for_one_request(self, coach: TestClient) -> None:
        """422 with another body, and at another address."""
        key = {"Idempotency-Key": "start-2"}
        session = coach.post("/v1/sessions", json=NEW, headers=key).json()["id"]
        other = coach.post("/v1/sessions", json=NEW | {"seed": 8}, headers=key)
        assert other.status_code == 422
        assert "Idempotency-Key" in other.json()["detail"]
        assert branch(coach, session, 1, **key).status_code == 422

    def test_what_failed_may_be_sent_again(self, coach: TestClient) -> None:
        """An error isn't kept under the key."""
        key = {"Idempotency-Key": "start-3"}
        bad = NEW | {"persona": "nobody"}
        assert coach.post("/v1/sessions", json=bad, headers=key).status_code == 422
        assert coach.post("/v1/sessions", json=NEW, headers=key).status_code == 201

    def test_many_at_once_make_one(self, coach: TestClient) -> None:
        """Each is answered with the one session, or told to wait."""

        def send(_: int) -> tuple[int, str]:
            sent = coach.post("/v1/sessions", json=NEW, headers={"Idempotency-Key": "start-4"})
            return sent.status_code, sent.json().get("id", "")

        with ThreadPoolExecutor(6) as threads:
            answers = set(threads.map(send, range(6)))
        assert {status for status, _ in answers} <= {201, 409}
        assert len({made for status, made in answers if status == 201}) == 1

    def test_a_scenario_is_made_once(self, coach: TestClient) -> None:
        """201 both times with its ETag, where without a key the second would be a 200."""
        source = coach.get("/v1/scenarios/trust-unknown/source").text
        source = source.replace("id: trust-unknown", "id: trust-once", 1)
        sent = [
            coach.post(
                "/v1/scenarios",
                content=source.encode(),
                headers={"Content-Type": "application/yaml", "Idempotency-Key": "scenario-1"},
            )
            for _ in range(2)
        ]
        assert [one.status_code for one in sent] == [201, 201]
        assert sent[0].json() == sent[1].json()
        assert sent[0].headers["ETag"] == sent[1].headers["ETag"]
        coach.delete("/v1/scenarios/trust-once")


class OnCoach(ApiClient):
    """The command line's client, on a coach that is there already."""

    def __init__(self, coach: TestClient) -> None:
        self._http = coach  # type: ignore[assignment]


class TestTerminal:
    """``coach practise``, typed over a pipe."""

    @pytest.fixture
    def practise(
        self,
        coach: TestClient,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> Callable[..., tuple[int, str, str]]:
        @contextmanager
        def lend(_home: object) -> Iterator[ApiClient]:
            yield OnCoach(coach)

        monkeypatch.setattr(cli, "client_of", lend)

        def run_one(*arguments: str, typed: str) -> tuple[int, str, str]:
            monkeypatch.setattr(sys, "argv", ["coach", "practise", *arguments])
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
            with pytest.raises(SystemExit) as left:
                cli.main()
            out, err = capsys.readouterr()
            return int(left.value.code or 0), out, err

        return run_one

    def test_a_turn_is_taken_again(self, practise: Callable[..., tuple[int, str, str]]) -> None:
        """/rewind and /guess in the middle, --again after the end."""
        typed = f"{DENIED}\n/rewind 99\n/rewind x\n/rewind\n{OWNED}\n/guess {HIDDEN}\n/end\n"
        code, out, err = practise("trust-true-rumour", "--seed", "7", typed=typed)
        assert code == 0
        assert "turn 99 can't be taken again" in err
        assert "/rewind takes the number" in out
        assert "Attempt 2 of turn 1" in out
        assert "That's it. Guesses left: 2." in out
        assert f"You guessed “{HIDDEN}”: that's it" in out
        assert "Failed:" not in out
        again = out.rpartition("coach practise --again ")[2].split()[0]
        _, out, _ = practise("--again", again, "--turn", "1", typed="/quit\n")
        assert "Attempt 3 of turn 1" in out

    def test_a_turn_of_no_session(self, practise: Callable[..., tuple[int, str, str]]) -> None:
        """One line that says what to do."""
        code, out, err = practise("--turn", "1", typed="")
        assert (code != 0, out, err.count("\n")) == (True, "", 1)
        assert "--again" in err
        code, _, err = practise("--again", "nobody", typed="")
        assert (code != 0, err.count("\n")) == (True, 1)
