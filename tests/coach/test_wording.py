"""A model words an act: what is right is shown, what is wrong is withdrawn and made anew."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Any

import pytest

from coach.buyer import Next, opening_state
from coach.errors import ModelFailed
from coach.events import ReplyDelta, ReplyReset
from coach.models import Receipt
from coach.scenario import Act, Difficulty
from coach.scenario_book import load_scenarios
from coach.session import FAILED
from coach.voice import PROMPT, Moment, Utterance, compose, speak
from tests.fakes import Break, QueueModel

pytestmark = pytest.mark.anyio

WHERE = load_scenarios().get("trust-true-rumour")
GOOD = "I hear you. And what is different now?"
FLIP = "I hear you. As an AI language model I can't say more."
YES = "You've convinced me. Where do I sign?"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def moment() -> Moment:
    who = WHERE.personas[0]
    state = opening_state(WHERE, who, Difficulty.NORMAL, 1)
    return Moment(WHERE, who, state, Next(Act.PRESS, "why", concern=WHERE.concerns[0].id), 1)


async def heard(model: QueueModel) -> tuple[list[str], Utterance]:
    """What a listener saw, "RESET" where it was withdrawn; and the reply."""
    seen: list[str] = []
    async for event in speak(moment(), model):
        if isinstance(event, Utterance):
            return seen, event
        seen.append(event.text if isinstance(event, ReplyDelta) else f"RESET {event.note}")
    raise AssertionError("no reply")


def left(seen: list[str]) -> str:
    """What stands there in the end."""
    last = max((i for i, said in enumerate(seen) if said.startswith("RESET")), default=-1)
    return "".join(seen[last + 1 :]).strip()


async def test_what_is_right_is_shown_sentence_by_sentence() -> None:
    """One call, and the reply is what was shown."""
    seen, reply = await heard(QueueModel(GOOD))
    assert seen == ["I hear you. ", "And what is different now?"]
    assert reply.text == left(seen) == GOOD
    assert (reply.work.tries, reply.work.faults, reply.work.replaced) == (1, (), "")
    assert (reply.work.tokens_in, reply.work.tokens_out) == (30, 10)
    assert reply.voice == reply.work.model == "queue-model"


async def test_a_faulty_sentence_is_never_shown_and_the_answer_is_made_anew() -> None:
    """What had been shown is withdrawn without a note, and the model hears in general words why."""
    model = QueueModel(FLIP, GOOD)
    seen, reply = await heard(model)
    assert seen == ["I hear you. ", "RESET ", "I hear you. ", "And what is different now?"]
    assert reply.text == left(seen) == GOOD
    assert (reply.work.tries, reply.work.faults, reply.work.replaced) == (2, ("role_flip",), "")
    assert (reply.work.tokens_in, reply.note) == (60, "")
    first, second = (variables for _, variables in model.asked)
    assert first["again"] == ""
    assert "role" in second["again"]
    assert "language model" not in second["again"]


async def test_after_two_faults_the_written_line_stands() -> None:
    """The reply says why, names both faults, and holds nothing of the model's."""
    seen, reply = await heard(QueueModel(FLIP, YES))
    assert reply.text == left(seen) == compose(moment()).text
    assert reply.voice == "embedded"
    assert reply.note == (
        "The model decided what it was not asked to; this reply is from the embedded engine."
    )
    assert (reply.work.faults, reply.work.replaced) == (("role_flip", "decision"), "decision")
    assert not any("AI" in said or "sign" in said for said in seen)


async def test_a_model_that_breaks_off_is_not_asked_again_here() -> None:
    """Tries after a lost connection belong to the connection; what was shown is withdrawn."""
    model = QueueModel(Break("I hear you. And wh", ModelFailed("it broke off")), GOOD)
    seen, reply = await heard(model)
    assert len(model.asked) == 1
    assert reply.text == left(seen) == compose(moment()).text
    assert [said for said in seen if said.startswith("RESET")] == [f"RESET {reply.note}"]
    assert reply.work.replaced == FAILED


async def test_an_endless_sentence_ends_the_listening() -> None:
    """A reply without a full stop is given up at the longest that a reply may be."""

    class Endless(QueueModel):
        given = 0
        closed = 0

        async def stream(
            self, prompt: str, variables: Mapping[str, Any], receipt: Receipt | None = None
        ) -> AsyncGenerator[str, None]:
            try:
                while True:
                    self.given += 1
                    yield "and so on "
            finally:
                self.closed += 1

    model = Endless()
    seen, reply = await heard(model)
    assert reply.work.faults == ("too_long", "too_long")
    assert model.given < 200
    assert model.closed == 2
    assert left(seen) == reply.text


async def test_a_sentence_of_a_model_is_not_said_again_in_the_session() -> None:
    """What it said is kept with the lines spoken, beside the written line that it words."""
    _, reply = await heard(QueueModel(GOOD))
    assert compose(moment()).lines < reply.lines
    assert any(line.startswith("said.") for line in reply.lines)
    assert set(reply.prompts) == {PROMPT}
    assert not isinstance(reply, ReplyReset)
