"""Where texts may be cut."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.chunking import LONGEST, LONGEST_CHARACTERS, SHORTEST, Span, passages, sentences


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We keep your number. You stay!", "We keep your number. | You stay!"),
        ("It costs 11.50 EUR. Uptime 99.97%.", "It costs 11.50 EUR. | Uptime 99.97%."),
        ("Tools, e.g. phones, i.e. voice. Yes.", "Tools, e.g. phones, i.e. voice. | Yes."),
        ("Dr. J. Smith of Acme Inc. agreed. So?", "Dr. J. Smith of Acme Inc. agreed. | So?"),
        ("It was he and I. We left.", "It was he and I. | We left."),
        ("It opened in the U.S. Then it grew.", "It opened in the U.S. | Then it grew."),
        ("“Really?” she asked. ‘Yes.’ He left.", "“Really?” she asked. | ‘Yes.’ | He left."),
        ("Really?! We tried... and failed.", "Really?! | We tried... and failed."),
        ("no. we don't. it costs more", "no. | we don't. | it costs more"),
        ("See no. 5 of it. No. That is all.", "See no. 5 of it. | No. | That is all."),
        ("- Changes take days\n- No API. Bad.\n2. C", "Changes take days | No API. | Bad. | C"),
        ("## Result\nFrom 18% to 6%.", "Result | From 18% to 6%."),
        ("Hi Anna\nthanks for the call\nTom", "Hi Anna | thanks for the call | Tom"),
        ("他们离开了。为什么？不知道", "他们离开了。 | 为什么？ | 不知道"),
        ("", ""),
        (" \n\t\n", ""),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: str) -> None:
    """Abbreviations, initials, decimals, quotations and list markers end nothing."""
    assert " | ".join(parts(text)) == expected


def test_a_wrapped_line_goes_on_and_a_short_one_ends() -> None:
    """An editor's line break inside a sentence is not its end."""
    text = (
        "Rottach Spedition moved nine depots to the platform of Corvane\n"
        "Communications in eleven weeks without a lost number.\nTwo lines\nTwo sentences"
    )
    assert [part[:9] for part in parts(text)] == ["Rottach S", "Two lines", "Two sente"]


PIECES = st.lists(
    st.sampled_from([*" \n\n.!?-#*>|", "e.g. ", "No. 5", "word ", "Word ", "1. ", "\r\n", "\u2028",
                     "\x85", "…", "。", "x" * 50, "“", "”", "# ", "- "])
    | st.characters(),
    max_size=50,
).map("".join)  # fmt: skip
TEXTS = st.builds(lambda text, times: text * times, PIECES, st.integers(1, 40))


def assert_clean(text: str, spans: list[Span]) -> None:
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        position = end


def uncovered(text: str, spans: list[Span]) -> str:
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return "".join(
        text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)
    ).strip()


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_spans_of_sentences_are_in_order_and_stripped_for_any_text(text: str) -> None:
    """Whatever Unicode comes, a sentence is a non-empty verbatim part of the text."""
    assert_clean(text, sentences(text))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("- word e.g. No. 5 e.g. e.g. " * 26)
def test_passages_hold_the_whole_of_any_text_and_none_is_too_long(text: str) -> None:
    """Between passages there is nothing but white space, so nothing is lost to search."""
    spans = passages(text)
    assert_clean(text, spans)
    assert uncovered(text, spans) == ""
    for start, end in spans:
        assert len(text[start:end].split()) <= LONGEST
        assert end - start <= LONGEST_CHARACTERS


def test_a_passage_follows_the_headings() -> None:
    """Sections of fair length stay apart; a short one joins its neighbour."""
    section = "One clear sentence about the switch. " * 12
    text = (
        f"# Case\n\nShort opening.\n\n## Situation\n\n{section}"
        f"\n\n## Result\n\n{section}\n\n## End\n\nFin."
    )
    found = [text[start:end] for start, end in passages(text)]
    assert [part.splitlines()[0] for part in found] == ["# Case", "## Result"]
    assert found[1].endswith("Fin.")


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    """Each passage of one long paragraph starts and ends with a sentence."""
    text = "Every sentence here has exactly eight short words. " * 100
    found = [text[start:end] for start, end in passages(text)]
    assert len(found) > 3
    assert all(part.startswith("Every") and part.endswith("words.") for part in found)
    assert all(SHORTEST <= len(part.split()) <= LONGEST for part in found)


@pytest.mark.parametrize("piece", ["a. ", "- ", "\n .", " ", "#", "x", "\n", "a.b ", "1) "])
def test_cutting_takes_time_in_proportion_to_the_text(piece: str) -> None:
    """No text of half a megabyte, however odd, holds a request up."""
    text = piece * (500_000 // len(piece))
    start = time.process_time()
    sentences(text)
    passages(text)
    assert time.process_time() - start < 10
