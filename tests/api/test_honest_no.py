"""A buyer without a need, from the first question to the debrief, through the real doors."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

SAID = (
    "I can see why that one gets under your skin. Before I show anything, what happens on a Monday"
    " from the moment the lines open?",
    "Nordhavn Clinics had its rush between eight and ten too. They went from missing 18% of patient"
    " calls to 6% in four months.",
    "That's fair, an idea like this needs more than one pair of hands. What does the way to a"
    " decision look like at your place?",
)
HONEST = "So from the summer there'd be no calls left here. Then you don't need our system."


@pytest.fixture(scope="module")
def held(coach: TestClient) -> dict[str, Any]:
    """The session, the buyer's last turn, and the debrief."""
    asked = {"scenario": "interest", "seed": 2, "persona": "nuria-caldas", "difficulty": "normal"}
    session = coach.post("/v1/sessions", json=asked).json()["id"]
    url = f"/v1/sessions/{session}"
    acts = [coach.post(f"{url}/turns", json={"text": text}).json()["buyer"]["act"] for text in SAID]
    last = coach.post(f"{url}/turns", json={"text": HONEST}).json()
    return {
        "session": session,
        "acts": acts,
        "last": last,
        "debrief": coach.get(f"{url}/debrief").json(),
    }


def test_an_honest_no_ends_the_session_as_ended(held: dict[str, Any]) -> None:
    """The status is one that the contract knows."""
    assert held["acts"][-1] == "reveal"
    assert held["last"]["buyer"]["act"] == "not_a_fit"
    assert held["last"]["session"]["status"] == "ended"


def test_its_debrief_calls_it_a_success_and_says_why(held: dict[str, Any]) -> None:
    found = held["debrief"]
    assert (found["outcome"], found["ending"], found["success"]) == ("ended", "honest_no", True)
    assert found["failed"] == ""
    kinds = [made["kind"] for made in found["buyer"]["decisions"]]
    assert kinds[-2:] == ["told", "parted"]
    assert all(made["reason"] for made in found["buyer"]["decisions"])
    assert next(c for c in found["checks"] if c["id"] == "checks-the-need")["yes"] == 1


def test_the_page_of_the_debrief_says_so_too(coach: TestClient, held: dict[str, Any]) -> None:
    page = coach.get(f"/debrief/{held['session']}").text
    assert "doesn&#39;t need it, and you said so" in page
    assert "decided, and why" in page
    assert "found out that there is no need" in page
