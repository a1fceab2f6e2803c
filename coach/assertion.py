"""Which clauses of a message claim something that can be checked, and which only talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from coach.figures import DATE, DURATION, Figure
from coach.statement import Reach, Statement

I = re.IGNORECASE  # noqa: E741  read in the patterns below

MOST_CLAUSES = 4


class Kind(Enum):
    CLAIM = "claim"
    MAYBE = "maybe"  # a claim only if the evidence speaks of it
    TALK = "talk"


@dataclass(frozen=True)
class Clause:
    """``text == sentence[span[0]:span[1]]``"""

    text: str
    span: tuple[int, int]


_SPLIT = re.compile(
    r"\s*(?:;|\s[–—-]\s|—|,?\s+(?:but|whereas|although|though|however|yet)\b,?|,\s*(?:and|so|while|because|since|plus)\b|:\s(?=\w))\s*", I
)  # fmt: skip
_FRAME = re.compile(
    r"^\W*(?:(?:well|so|and|but|yes|no|ok(?:ay)?|right|sure|look|listen|honestly|frankly|actually|in fact|to be (?:honest|fair|frank|clear|precise)|the truth is|(?:the )?fact is|as you (?:may|might|probably|surely)? ?know|of course|by the way|fair enough|true|believe me|trust me|for what it['’]?s worth|just so you know|(?:i|we) (?:can|do|must|have to|want to)? ?(?:admit|confirm|say|tell you|assure you|promise you|add|know)(?: that)?|i(?:['’]m| am) (?:sure|confident|certain|convinced|told)(?: that)?|i (?:think|believe|guess|heard|understand|know|read)(?: that)?|let me (?:be (?:clear|honest|frank|straight)|tell you)(?: that)?|keep in mind(?: that)?|remember(?: that)?|please note(?: that)?|did you know(?: that)?|(?:are|were) you aware(?: that)?|would it surprise you(?: to (?:hear|learn))?(?: that)?|what if i told you(?: that)?|have you heard(?: that)?|isn['’]t it (?:true|great)(?: that)?|you (?:may|might|probably|surely)? ?(?:know|have heard|will have heard)(?: that)?)\b[,:]?\s*)+", I
)  # fmt: skip
_TOLD_AS_QUESTION = re.compile(
    r"\b(?:did(?:n['’]t)? you know|(?:are|were|aren['’]t) you aware|would it surprise you|what if i (?:told you|said)|have you heard|did you (?:hear|see|realise|realize)|isn['’]t it (?:true|great)|don['’]t you (?:know|agree)|do you know)\b", I
)  # fmt: skip
_TAG = re.compile(
    r",\s*(?:right|ok(?:ay)?|you know|yes|no|correct|is(?:n['’]t)? it|are(?:n['’]t)? (?:we|they)|do(?:es)?(?:n['’]t)? (?:it|they|we)|did(?:n['’]t)? (?:it|they|we)|ha(?:s|ve)(?:n['’]t)? (?:it|they|we))\s*\?+\W*$",
    I,
)
_ASKING = re.compile(
    r"^\W*(?:(?:and|so|but|ok(?:ay)?|well|then|right|may i ask|can i ask|could i ask|just curious)\b[,:\s]*)*(?:what|how|why|which|who|whom|whose|where|when|is|are|was|were|do|does|did|have|has|had|can|could|would|will|should|shall|may|might|isn['’]t|aren['’]t|don['’]t|doesn['’]t|wouldn['’]t|couldn['’]t)\b", I
)  # fmt: skip
_TALK = re.compile(
    r"^\W*(?:(?:and|so|but|well|ok(?:ay)?|then|if you (?:like|want|agree|wish)|instead|perhaps|maybe|also|of course|in the meantime|first|before that|meanwhile|by \w+|next week|tomorrow|honestly)\b[,:]?\s*)*(?:"
    # greetings, thanks, feelings
    r"hi\b|hello\b|hey\b|good (?:morning|afternoon|evening|point|question)|thanks?\b|thank you|great (?:question|point|to)|fair (?:point|enough|question)|nice to|pleasure|bye|goodbye|no problem|absolutely\W*$|exactly\W*$|of course\W*$|sure\W*$|agreed\W*$|understood"
    r"|(?:i|we) (?:can |do |fully |completely |totally |really |would |might |also )*(?:understand|see\b|get (?:it|that|why|your|where)|hear (?:you|that|what|your)|appreciate|respect|value|love|like|hope|wish|want|need|care|feel|sympathi[sz]e|agree|admire|wonder|prefer|look forward|wouldn['’]?t (?:want|dream|ask|expect)|don['’]?t (?:want|blame|expect|know|mean|think i|wish|intend|need)|do not (?:want|know|mean|expect)|can['’]?t (?:say|promise|tell|speak)|cannot (?:say|promise|tell|speak)|never met|imagine|assume|suppose|have no (?:idea|doubt))"
    r"|(?:i|we)(?:['’]m| am|['’]re| are) (?:really |so |very |truly |more than |just |also )*(?:sorry|glad|happy|delighted|excited|pleased|grateful|curious|here to|not here|not (?:trying|asking|sure)|afraid|keen|looking forward|listening|calling|reaching|trying|hoping|wondering|asking|proud|thrilled|aware|with you)"
    r"|(?:that|this|it)(?:['’]s| is| was| must| sounds?| seems?| makes?| would| feels?)\b(?! (?:why|because|how))[^,;]{0,40}?\b(?:fair|reasonable|valid|legitimate|understandable|natural|good (?:point|question)|concern|question|sense|worr\w+|frustrat\w+|hard|difficult|painful|stress\w*|tough|important|big decision|a lot|great|annoying|helpful|useful|interesting|good to (?:hear|know)|your call|up to you|exactly)\b"
    # promises and proposals
    r"|(?:i|we)(?:['’]ll| will| shall|['’]d| would|['’]m going to| am going to| can| could| might) (?:also |then |gladly |happily |just |certainly |definitely |personally |of course |always )*(?:send|show|share|find out|check|ask|come back|get back|get you|call|ring|phone|email|mail|write|arrange|set (?:up|it)|book|schedule|organi[sz]e|bring|introduce|put (?:you|together|that|the|it)|look into|follow up|have (?:a|my|our|the)|love|like|suggest|propose|recommend|be (?:happy|glad|honest|open|in touch)|talk|walk|start|begin|try|meet|go through|help|explain|prepare|draft|forward|confirm|invite|offer you|do (?:that|this|it)|leave|let you|rather|run|agree|review|make sure|give you|take you|need|want|hate|say|connect|point you|stay in touch|discuss|sit down|plan|test|visit|figure|work (?:it|that|this) out|look at)\b"
    r"|let['’]?s\b|let us\b|let me\b|shall (?:we|i)\b|how about|why don['’]?t (?:we|you)|what if we\b|happy to\b|feel free|i (?:suggest|propose|recommend)|my (?:suggestion|proposal|idea|advice)|a (?:good )?next step|(?:one|another) (?:option|idea|way|possibility) (?:is|would be) to"
    r"|(?:you|your team|your \w+) (?:could|can|may|might|should) (?:also |then |always |simply |just |even )*(?:call|ring|talk|speak|ask|visit|read|check|try|test|look|meet|decide|choose|think|tell|see|judge|take|compare|bring|pick|start with|verify|download|listen|count)\b"
    r"|(?:call|ring|ask|read|take|have|try|visit|look|check|think|imagine|suppose|picture|consider|tell|give|please|say|compare|don['’]t|do not|come|speak|talk|bring|pick|trust|believe|sleep|put)\b(?! (?:volumes?|centres?|quality|recording|data|reports?|summar|queue))(?=\s)"
    # hypotheticals, and talk about the talk
    r"|if (?:you|we|i|it|that|they|your|your \w+|there|a|one)\b|suppose\b|imagine\b|assuming\b|(?:i|we) (?:spoke|met|talked|discussed|mentioned|noticed|looked at|read|saw|heard|asked|called|wanted|thought|worked for|have been thinking)|as (?:i|we|you) (?:said|mentioned|discussed)|(?:last|this) (?:time|week) we (?:spoke|met|talked)"
    r")", I
)  # fmt: skip
_ABOUT_THEM_ONLY = re.compile(
    r"^\W*(?:(?:so|and|but|then|ok(?:ay)?|it sounds (?:like|as if)|sounds like|it seems(?: like)?|if i (?:heard|understood|understand) you(?: right(?:ly)?| correctly)?|what i hear is(?: that)?|for you|in your (?:case|view|place|position))\b[,:]?\s*)*(?:you\b|your\b|you['’](?:re|ve|d|ll))", I
)  # fmt: skip
_OURS = re.compile(r"\b(?:we|us|our|ours)\b|\bwe['’]", I)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|will|can|cannot|offers?|includes?|runs?|uses?|used|works?|worked|saved?|saves|cuts?|costs?|charges?|takes?|took|gets?|got|gives?|gave|makes?|made|keeps?|kept|moved?|moves|switched|fell|falls?|grew|rose|raised|reduced|dropp\w+|answers?|answered|supports?|promises?|allows?|needs?|requires?|transcribes?|records?|stores?|beats?|leads?|wins?|won|lost|loses?|lacks?|went|came|comes|stays?|stayed|left|chose|passed|failed|happened|\w+ed|\w{3,}s|can['’]t|won['’]t|\w+n['’]t)\b|['’](?:s|re|ve)\b", I
)  # fmt: skip


def clauses(sentence: str) -> list[Clause]:
    """The parts of a sentence that could each be said alone; the whole when there is one."""
    found = [Clause(text, span) for text, span in _pieces(sentence) if len(text.split()) > 2]
    return found[:MOST_CLAUSES] or [Clause(sentence, (0, len(sentence)))]


def kind_of(clause: Statement, asked: bool) -> Kind:
    """``asked`` says that the sentence of the clause ends in a question mark."""
    text = clause.text
    if asked and not _told(clause):
        return Kind.TALK
    core = _FRAME.sub("", text)
    if _TALK.match(core) or _TALK.match(text):
        return Kind.TALK
    if _about_the_buyer(clause, core):
        return Kind.TALK
    if not _VERB.search(core) and not clause.figures:
        return Kind.TALK
    if _plain_fact(clause):
        return Kind.CLAIM
    return Kind.MAYBE


def core_of(text: str) -> str:
    """``text`` without "Did you know that" and its like."""
    return _FRAME.sub("", text) or text


def asks(sentence: str) -> bool:
    return sentence.rstrip(" \"'”’)*_!").endswith("?") and not _TAG.search(sentence)


def _pieces(sentence: str) -> Iterator[tuple[str, tuple[int, int]]]:
    start = 0
    for match in _SPLIT.finditer(sentence):
        left, right = sentence[start : match.start()], sentence[match.end() :]
        if _stands_alone(left) and _stands_alone(right):
            yield left, (start, match.start())
            start = match.end()
    yield sentence[start:], (start, len(sentence))


def _stands_alone(text: str) -> bool:
    return len(text.split()) > 2 and bool(_VERB.search(text) or _TALK.match(text))


def _told(clause: Statement) -> bool:
    """A question that tells something: "Did you know that 94% renew?" """
    if _TOLD_AS_QUESTION.search(clause.text):
        return True
    return not _ASKING.match(clause.text) and not re.search(r"\?\W*$", clause.text)


def _about_the_buyer(clause: Statement, core: str) -> bool:
    if not _ABOUT_THEM_ONLY.match(core):
        return False
    if clause.names.any_known or _OURS.search(core):
        return False
    return not (
        _terms(clause.figures)
        and re.match(
            r"\W*you (?:can|could|may|will|get|pay|won['’]t|only pay|keep|don['’]t pay)\b|\W*you['’]ll\b",
            core,
            I,
        )
    )


def _terms(found: tuple[Figure, ...]) -> bool:
    return any(figure.unit != DATE for figure in found)


def _plain_fact(clause: Statement) -> bool:
    names = clause.names
    hard = [f for f in clause.figures if f.unit not in {DATE, DURATION, "clock"}]
    if hard or names.unknown:
        return True
    if names.customers or names.competitors or names.products or clause.us:
        return True
    return Reach.BEST in clause.reaches
