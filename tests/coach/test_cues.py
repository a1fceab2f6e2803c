"""The patterns of perception: each stays quick whatever it is given to read."""

from __future__ import annotations

import re
import time

import pytest

from coach.late_pattern import LatePattern
from coach.perception.cues import asking, caring, harming, honesty, language, offering, talking

PATTERNS = {
    f"{room.__name__.rpartition('.')[2]}.{name}": pattern
    for room in (asking, caring, harming, honesty, language, offering, talking)
    for name, pattern in vars(room).items()
    if isinstance(pattern, LatePattern)
}
#: Rows of what a pattern may begin with again and again.
ROWS = (
    "before i ",
    "mm-",
    "m",
    "so, ",
    "you know ",
    "yeah ",
    "what ",
    "is it ",
    "really ",
    " ",
    "-",
    "thanks ",
    "yes, ",
    "ok. ",
    "hello ",
    "tell me more ",
)


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """The quickest of nine, so that a busy machine doesn't count."""
    times = []
    for _ in range(9):
        start = time.perf_counter()
        pattern.search(text)
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.parametrize("row", ROWS, ids=repr)
def test_twice_as_long_a_row_of_the_same_words_takes_no_more_than_a_few_times_as_long(
    row: str,
) -> None:
    """Nothing that anybody types may keep a pattern trying for ever."""
    short, long = row * (400 // len(row)), row * (800 // len(row))
    plain = seconds(re.compile("nowhere"), long)
    for name, pattern in PATTERNS.items():
        floor = max(seconds(pattern, short), 20 * plain)
        assert seconds(pattern, long) < 12 * floor, name
