"""A server that keeps failing is left alone for a while, and then probed by one question."""

from __future__ import annotations

import pytest

from coach.errors import ModelFailed
from coach.llm.breaker import FAILURES, REST, Breaker
from coach.llm.faults import ServerFailed


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def fail(breaker: Breaker) -> None:
    with pytest.raises(ServerFailed), breaker.asking():
        raise ServerFailed("down")


def refused(breaker: Breaker) -> bool:
    try:
        with breaker.asking():
            return False
    except ModelFailed:
        return True


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def broken(clock: Clock) -> Breaker:
    """One that has just opened."""
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.condition() == "ok"
        fail(breaker)
    return breaker


def test_after_failures_in_a_row_nothing_is_asked(broken: Breaker) -> None:
    """And it says for how long."""
    assert refused(broken)
    assert broken.condition() == "left alone for another 15 s after 3 failures in a row"


def test_what_the_server_is_not_to_blame_for_does_not_count(clock: Clock) -> None:
    """Nor does an answer that nobody listened to; a good one wipes the slate."""
    breaker = Breaker(clock)
    for _ in range(FAILURES - 1):
        fail(breaker)
    for _ in range(5):
        with pytest.raises(ModelFailed), breaker.asking():
            raise ModelFailed("an answer of the wrong form")
        with pytest.raises(GeneratorExit), breaker.asking():
            raise GeneratorExit
    assert breaker.condition() == "ok"
    with breaker.asking():
        pass
    fail(breaker)
    assert not refused(breaker)


def test_after_its_rest_one_question_probes(broken: Breaker, clock: Clock) -> None:
    """The others are refused until it is answered; a good answer closes it."""
    clock.now += REST
    assert "to be tried again" in broken.condition()
    with broken.asking():
        assert refused(broken)
    assert broken.condition() == "ok"
    assert not refused(broken)


def test_a_failed_probe_doubles_the_rest(broken: Breaker, clock: Clock) -> None:
    """One that was broken off says nothing: the next question probes again."""
    clock.now += REST
    with pytest.raises(GeneratorExit), broken.asking():
        raise GeneratorExit
    fail(broken)
    clock.now += REST
    assert refused(broken)
    clock.now += REST
    assert not refused(broken)
