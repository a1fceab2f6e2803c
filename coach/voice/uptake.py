"""What the buyer may pick up from the seller's words: a noun phrase, a question, nothing more.

No grammar is parsed. A stretch is taken only where small words or a stop bound it on both sides,
so that what is quoted stands in the message word for word and makes sense in quotation marks.
"""

from __future__ import annotations

import re

from coach.perception.cues.language import UNSPEAKABLE

_STOP = re.compile(r"(?<=[.!?])\s+")
LONGEST = 3  # words behind the article
SHORT = 9  # letters of a noun that is worth picking up alone
LONGEST_LETTERS = 36
_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|[^\w\s]|\S")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ARTICLES = _words("a an the our every each another two three four")
#: Words that end a noun phrase and stand in none.
_BOUNDS = _words(
    "of in on for with at from by that which who whom whose what how why and or nor but is are was "
    "were be been being has have had do does did can could will would shall should may might must "
    "to before after when while so as if where than then because until since about into over "
    "under between without within through during against per like i you he she it we they me him "
    "her us them my your his its our their this these those not no there here up out down off back "
    "again already always anyway ago away later now soon today together too yet still once twice "
    "instead alone else afterwards beforehand even just also ever never came went took gave said "
    "told got made ran rang left lost kept brought thought knew felt put set let began "
    "means says rings works fails goes comes takes needs wants looks gets makes runs breaks stops "
    "happens knows stays starts listen look deal stayed became become "
    "run paid count drops try a an the behind beside below above either apart round enough long "
    "open clear easier"
)
_NO_NOUN = re.compile(r"['’](?:d|t|re|ve|ll|m)$|(?:self|selves|day)$", re.IGNORECASE)
_JOINS_NOUNS = _words("of for and with from , . ; : ! ?")
#: Heads too empty to be worth picking up.
_EMPTY = _words(
    "thing things way ways lot bit moment moments minute minutes end rest same first second last "
    "next other others point question questions answer answers day days week weeks time times kind "
    "sort right one ones idea word words fact while few couple year years month months hour hours "
    "side part half middle beginning start reason matter case most least more less best only "
    "afternoon morning evening today tomorrow people person man woman anybody customer customers "
    "company companies product products system systems market markets country countries sector "
    "sectors questions everybody situation something nothing quarter quarters"
)
#: What "your ..." may be when it isn't a thing of the buyer's.
_NOT_THEIRS = _EMPTY | _words(
    "mind head view opinion concern concerns worry worries shoes place end eyes own patience "
    "attention honesty openness interest feeling frustration permission hands mail message "
    "signature calendar decision name experience"
)


def phrase_of(said: str) -> str:
    """The longest noun phrase of ``said`` that can be quoted, word for word; "" if none can."""
    found = _phrases(said, _ARTICLES, _EMPTY)
    telling = [p for p in found if p.count(" ") > 1 or len(p.split()[-1]) >= SHORT]
    return max(telling, key=len, default="")


def yours_of(said: str) -> str:
    """What the seller called "your ..." in a question, without the "your"; "" if nothing."""
    asked = [part for part in questions(said) if not _YOURS_ACTS.search(part)]
    found = _phrases(" ".join(asked), frozenset({"your"}), _NOT_THEIRS)
    return found[-1].partition(" ")[2] if found else ""


#: "Could your team test ours?": what follows the noun is a verb, and can't be told from it.
_YOURS_ACTS = re.compile(
    r"\b(?:can|could|will|would|should|shall|may|might|do|does|did|is|are|was|were|has) your\b",
    re.IGNORECASE,
)


def questions(said: str) -> list[str]:
    """The sentences that end with a question mark."""
    return [part for part in _STOP.split(said) if part.endswith("?")]


def _phrases(said: str, starts: frozenset[str], empty: frozenset[str]) -> list[str]:
    tokens = list(_TOKEN.finditer(said))
    found = []
    for i, token in enumerate(tokens):
        if token[0].casefold() not in starts:
            continue
        end = i + 1
        while end < len(tokens) and end - i <= LONGEST + 1 and _inner(tokens[end][0]):
            end += 1
        stop = tokens[end][0].casefold() if end < len(tokens) else "."
        words = [t[0] for t in tokens[i + 1 : end]]
        phrase = said[token.start() : tokens[end - 1].end()]
        if _quotable(words, stop, empty) and _speakable(phrase):
            found.append(phrase[:1].lower() + phrase[1:])
    return found


def _inner(word: str) -> bool:
    return word[0].isalpha() and word.casefold() not in _BOUNDS and not _NO_NOUN.search(word)


def _speakable(phrase: str) -> bool:
    return len(phrase) <= LONGEST_LETTERS and "\n" not in phrase and not UNSPEAKABLE.search(phrase)


def _quotable(words: list[str], stop: str, empty: frozenset[str]) -> bool:
    """Whether these are a noun with what stands before it, as far as endings can tell."""
    if not 1 <= len(words) <= LONGEST or stop[0].isdigit():
        return False
    last = words[-1].casefold()
    if (
        last in empty
        or last.endswith(("ly", "ed", "'s", "’s"))
        or (words[1:] and last.endswith("ing"))
    ):
        return False
    plural = [w.endswith("s") and not w.endswith(("ss", "us", "is")) for w in words]
    if any(plural[:-1]):  # "the callers ring"
        return False
    # "the queue fills up" is no noun, "the lost calls." is one
    return len(words) == 1 or not plural[-1] or stop in _JOINS_NOUNS


LAST = 300  # characters of a message within which its last question is looked for
#: A last sentence that wants to know whether the answer will do.
_CHECKS = re.compile(
    r"(?:^|[.!?]\s+|[,;] )(?:and |so |but )?(?:do|does|did|is|was|would|will|could|can) "
    r"(?:you see|you follow|that|this|it|any of (?:that|this))\b[^.!?]*\?\s*$",
    re.IGNORECASE,
)


def checks(said: str) -> bool:
    """Whether the message ends by asking if that will do: it wants a yes or a no."""
    return bool(_CHECKS.search(said[-LAST:]))
