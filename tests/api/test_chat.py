"""OpenAI's API without its client: which messages are turns, and what is told of errors."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient


def said(coach: TestClient, *texts: str, **more: Any) -> Any:
    """The answer to a talk of the user's and the assistant's words in turn."""
    roles = ("user", "assistant") * len(texts)
    messages = [{"role": role, "content": text} for role, text in zip(roles, texts, strict=False)]
    asked = {"model": "trust-true-rumour:hard", "messages": messages, **more}
    return coach.post("/v1/chat/completions", json=asked)


def test_a_talk_finds_its_session(coach: TestClient) -> None:
    """The first message opens, the next is a turn, the same again is that turn; a title that is
    asked for between them is none, and a talk of other words is unknown."""
    opening = said(coach, "Hello").json()
    words = opening["choices"][0]["message"]["content"]
    assert opening["coach"]["turn"] is None
    first = said(coach, "Hello", words, "What did it cost you?").json()
    assert first["coach"]["session"] == opening["coach"]["session"]
    assert first["coach"]["turn"] == 1
    title = said(coach, "### Task:\nGenerate a concise title for the chat history.").json()
    assert "coach" not in title or title["coach"] is None
    again = said(coach, "Hello", words, "What did it cost you?").json()
    assert again["coach"] == first["coach"]
    told = coach.get(f"/v1/sessions/{opening['coach']['session']}").json()
    assert told["turn_count"] == 3
    unknown = said(coach, "Hello", "I never said this.", "You did.")
    assert unknown.status_code == 400
    assert "begin a new chat" in unknown.json()["error"]["message"]
    assert said(coach, "Hello", n=2).json()["error"]["type"] == "invalid_request_error"
