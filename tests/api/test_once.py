"""Every POST says whether it may be sent twice, and what comes of it."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

#: POSTs that take no key, and why sending one of them twice does no harm.
EXEMPT = {
    "/v1/sessions/{session_id}/end": "an ended session is debriefed the same again",
    "/v1/sessions/{session_id}/turns/{index}/checks/{check_id}/overrule": "replaces the earlier",
    "/v1/scenarios/validate": "stores nothing",
    "/v1/scenarios/draft": "stores nothing",
    "/v1/calibration/labels": "the same labels give the same agreement, in place of the former",
    "/v1/prioritise": "stores nothing",
    "/v1/suggestions": "stores nothing of its own; a gap's words count once while they are typed",
    "/v1/claims/check": "stores nothing",
    "/v1/goals/numbers": "the same numbers again change nothing",
    "/v1/answers/{answer_id}/approve": "is approved once",
    "/v1/answers/{answer_id}/decline": "is declined once",
    "/v1/answers/{answer_id}/withdraw": "is withdrawn once",
    "/v1/webhooks/{webhook_id}/test": "sends a message that says it is a test; keeps nothing",
    "/v1/workshops/join": "who is in it already stays in it",
    "/v1/workshops/{workshop_id}/pause": "a paused workshop stays paused",
    "/v1/workshops/{workshop_id}/resume": "one that goes on goes on",
    "/v1/workshops/{workshop_id}/finish": "has ended already",
    "/v1/workshops/{workshop_id}/names": "replaces the earlier wish",
    "/v1/workshops/{workshop_id}/votes": "one vote each: the later replaces the earlier",
    "/v1/workshops/{workshop_id}/rounds/{round_id}/reveal": "shows the same again",
    "/v1/chat/completions": "the same talk again gives the reply that is stored",
}


def test_each_post_takes_a_key_or_says_why_not(coach: TestClient) -> None:
    """A new route must do the one or the other."""
    paths = coach.get("/openapi.json").json()["paths"]
    keyed, plain = set(), set()
    for path, methods in paths.items():
        if asked := methods.get("post"):
            names = {one["name"] for one in asked.get("parameters", [])}
            (keyed if "Idempotency-Key" in names else plain).add(path)
    assert plain == EXEMPT.keys()
    assert len(keyed) >= 10


@pytest.mark.parametrize(
    ("path", "body"), [("hint", {"level": 1}), ("diagnosis", {"text": "They fear an outage."})]
)
def test_what_counts_in_a_session_counts_once(coach: TestClient, path: str, body: object) -> None:
    """A hint or a guess whose answer was lost costs nothing when it is asked for again."""
    start = {"scenario": "trust-true-rumour", "seed": 7}
    key = {"Idempotency-Key": f"first {path}"}
    made = [coach.post("/v1/sessions", json=start, headers=key) for _ in range(2)]
    assert made[0].json() == made[1].json()
    session = f"/v1/sessions/{made[0].json()['id']}"
    given = [
        coach.post(f"{session}/{path}", json=body, headers={"Idempotency-Key": f"second {path}"})
        for _ in range(2)
    ]
    assert [one.status_code for one in given] == [200, 200]
    assert given[0].json() == given[1].json()
    told = coach.get(session).json()
    assert len(told["hints"]) + len(told["guesses"]) == 1
