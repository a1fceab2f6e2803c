"""The same sentence in another register: spelled out, or clipped. The meaning stays.

Only what is safe by its place in the sentence is changed, and nothing within quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_QUOTED = re.compile(r"(“[^”]*”)")
_SUBJECT = r"(?:I|you|he|she|it|we|they|that|there|this|these|those|anybody|anyone|somebody)\b"
#: Not after a comma ("isn't it?") or a question word, and not before a subject ("don't you").
_NOT = re.compile(
    rf"(?<=[a-z] )(?<!\bwhy )(?<!\bhow )(?<!\bwhat )(?<!\bwhere )(?<!\bwhen )"
    rf"([A-Za-z]+)n['’]t\b(?! {_SUBJECT})|(?<=\bI )([a-z]+)n['’]t\b(?! {_SUBJECT})",
    re.IGNORECASE,
)
_IRREGULAR = {"ca": "cannot", "wo": "will not", "sha": "shall not"}
_PRONOUN = re.compile(r"\b(I|you|we|they)['’](m|re|ve|ll)\b", re.IGNORECASE)
_FULL = {"m": "am", "re": "are", "ve": "have", "ll": "will"}
_IS = re.compile(
    r"\b(it|that)['’]s (?=(?:an?|the|not|no|my|our|your|what|how|why|only|still|all|too|very|in|on"
    r"|about|like|just|good|fair|kind|clear|easy|hard|true|right)\b)",
    re.IGNORECASE,
)
_SOFTENER = re.compile(
    r", (?:I['’]m afraid|if you don['’]t mind|if I may(?: say so)?|to be (?:honest|frank|fair)"
    r"|frankly|I suppose|I think|if we may)(?=[.?!])"
)
#: A main clause that "but" adds to; not where the sentence began with a condition.
_BUT = re.compile(r", but (?=(I|we|it|that|you|they|there|nobody)\b)")
_CONDITION = re.compile(r"\b(?:if|when|while|once|until|unless|although|though|before)\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?]) ")


def spelled_out(text: str) -> str:
    """ "I don't" as "I do not", wherever that leaves the sentence in order."""
    return _outside_quotes(text, _full_forms)


def clipped(text: str) -> str:
    """Without softeners at the end of a sentence, and with a full stop before "but"."""
    return _outside_quotes(text, _clip)


def _outside_quotes(text: str, change: Callable[[str], str]) -> str:
    return "".join(part if part.startswith("“") else change(part) for part in _QUOTED.split(text))


def _full_forms(text: str) -> str:
    text = _NOT.sub(lambda m: _negated(m[1] or m[2]), text)
    text = _PRONOUN.sub(lambda m: f"{m[1]} {_FULL[m[2].lower()]}", text)
    return _IS.sub(lambda m: f"{m[1]} is ", text)


def _negated(verb: str) -> str:
    return _IRREGULAR.get(verb, f"{verb} not")


def _clip(text: str) -> str:
    return " ".join(_shorter(sentence) for sentence in _SENTENCE.split(text))


def _shorter(sentence: str) -> str:
    sentence = _SOFTENER.sub("", sentence)
    if _CONDITION.search(sentence) or sentence.endswith("?"):
        return sentence
    return _BUT.sub(". But ", sentence, count=1)
