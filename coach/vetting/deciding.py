"""Whether the words concede, refuse or end what code did not: a model only words what was decided.

Patterns are read clause by clause, because "I'd sign if ..." and "I'm not convinced" grant nothing.
What the written line says in the same way is allowed, since then code decided it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coach.late_pattern import late
from coach.scenario import Act
from coach.vetting.fault import Fault
from coach.vetting.words import unquoted
from coach.vetting.yielding import yields

if TYPE_CHECKING:
    from coach.vetting.ground import Ground

_I = r"\b(?:i(?:['’]m| am)|we(?:['’]re| are))"
_WILL = r"\b(?:i|we)(?:['’]ll| will|['’]d be (?:happy|glad|delighted) to)"
_NOW = (
    r"(?: now| all| both| really| absolutely| fully| completely| quite| totally| entirely| very)?"
)
#: Takes the step, or buys.
TAKES = late(
    rf"\blet(?:['’]s| us) (?:just )?(?:do (?:it|this|that)|go ahead|proceed|sign"
    rf"|get (?:started|going)|move (?:ahead|forward)|make it happen"
    rf"|set (?:it|that|this|something) up)\b"
    rf"|{_I}{_NOW} (?:in\b(?=[.!,]|$)|sold\b|on board"
    rf"|ready to (?:sign|buy|go|start|proceed|move|commit)"
    rf"|(?:happy|glad|prepared|willing|going|delighted) to (?:sign|buy|go ahead|proceed|move"
    rf"|switch|commit|order))"
    rf"|\b(?:we have|you(?:['’]ve| have)(?: got)?|it(?:['’]s| is)) (?:yourself )?a deal\b"
    rf"|^\W*deal\b"
    rf"|\bsign (?:me|us) up\b|\bcount (?:me|us) in\b|\bwhere do (?:i|we) sign\b\??"
    rf"|\bsend (?:me |us |over |it over )+(?:the |a |your )?"
    rf"(?:contract|paperwork|agreement|order form)"
    rf"|{_WILL} (?:take it|take the (?:deal|offer|step)|sign(?! with)|buy(?! it)"
    rf"|switch|proceed|go (?:ahead|with you)"
    rf"|move (?:ahead|forward)|order|commit)\b"
    rf"|\b(?:i|we) (?:accept|agree)(?: to| with)? (?:your|the|this|that|it|everything)\b"
    rf"|\b(?:i|we) (?:accept|agree)\b(?=\s*(?:[.!,]|$))"
    rf"|\b(?:i|we)(?:['’]ve| have) decided to (?:buy|sign|go)"
    rf"|\bconsider it done\b|\byou have (?:my|our) (?:yes|signature|go-ahead|approval|business)\b"
    rf"|\b(?:let(?:['’]s| us)|yes,) (?:try|work) it\b"
    rf"|\byou have (?:my|our) (?:consent|agreement)\b"
    rf"|\ba step (?:i|we) can take\b"
    rf"|\bgo ahead and (?:book|send|set|schedule|prepare)\b|\bwelcome aboard\b|\bi approve\b",
    re.IGNORECASE,
)
#: Lets go of a worry.
SETTLES = late(
    rf"{_I}{_NOW} (?:convinced|satisfied|reassured|persuaded|at ease|comfortable now|won over)\b"
    rf"|\byou(?:['’]ve| have)?(?: just| really| fully)? (?:convinced|won|persuaded|reassured)"
    rf" (?:me|us)\b"
    rf"|\bthat (?:settles|resolves|answers|clears up|takes care of)"
    rf" (?:it|that|this|my|our|the|every)"
    rf"|\b(?:my|our|the|this|that) (?:worry|worries|concerns?|doubts?|question) (?:is|are|has been"
    rf"|have been)(?: now| all| fully)? (?:gone|settled|resolved|answered|addressed)\b"
    rf"|\b(?:i|we)(?: have|['’]ve)? no (?:more|further|other) (?:doubts?|concerns?|worries"
    rf"|objections?|questions?)\b"
    rf"|\b(?:i|we) (?:trust|believe) you(?: now| completely| fully)"
    rf"|\bthat(?:['’]s| is) (?:all|everything|exactly what) (?:i|we) needed\b"
    rf"|\b(?:i|we) (?:drop|withdraw|take back) (?:my|our) (?:objection|concern|doubt)s?\b"
    rf"|\b(?:puts|sets) my mind at (?:rest|ease)\b"
    rf"|\bthat(?:['’]s| is|['’]ll be) enough for (?:me|us)\b"
    rf"|\b(?:i|we) can (?:live|work) with (?:it|that|this)\b"
    rf"|\bthat (?:i|we) can (?:live|work) with\b"
    rf"|\b(?:i|we) (?:can|will|could) (?:support|back|recommend) (?:it|that|this|the|your)\b"
    rf"|\bmy mind is (?:made up|at rest)\b|\bproblem solved\b|\ball (?:my|our) doubts\b",
    re.IGNORECASE,
)
#: Ends the talk.
ENDS = late(
    rf"\bgood ?-?bye\b|\b(?:bye|farewell)\b|\b(?:this|our|the) (?:conversation|call|meeting|talk"
    rf"|discussion|chat) is (?:over|finished|done|at an end)\b"
    rf"|\bwe(?:['’]re| are) (?:done|finished|through) (?:here|talking)\b"
    rf"|{_I} (?:hanging up|leaving|walking (?:away|out)|ending (?:this|the|it|our)|out of here)\b"
    rf"|(?:^|[.!;:,]\s*)(?:please |and |so )*do(?:n['’]t| not) (?:call|contact|write to|bother"
    rf"|come back to) (?:me|us)(?: again)?"
    rf"(?=\s*[.!]|$)"
    rf"|{_WILL} (?:end|stop) (?:this|it|the \w+|our \w+)(?: right)?(?: here| now| there)?"
    rf"(?=\s*[.!]|$)"
    rf"|\bthere(?:['’]s| is) nothing (?:more|left|further) to (?:say|discuss|talk about)\b",
    re.IGNORECASE,
)
#: Says no where code said yes.
REFUSES = late(
    rf"{_I} (?:still )?not (?:at all )?(?:convinced|interested|ready|satisfied|sure|persuaded)\b"
    rf"|\bno deal\b|\bnot interested\b|\b(?:i|we) (?:refuse|decline)\b"
    rf"|\bthat (?:doesn['’]t|does not) (?:settle|answer|convince|help|satisfy)\b"
    rf"|\b(?:i|we) (?:can['’]t|cannot|won['’]t|will not|don['’]t|do not) (?:agree|accept|trust|buy"
    rf"|believe|sign)\b|\bthe answer is no\b|^\W*no(?:\s*[.!]|, (?:thanks|thank you|i|we)\b)",
    re.IGNORECASE,
)
_DENIED = late(
    r"\b(?:not|never|nothing|nobody|no|hardly|until|unless|before|if|when|once|whether|would|could"
    r"|might|may|why|how|what|should|whoever|anybody|anyone|cannot|far|that\s*$|ask(?:ed)?"
    r"|want(?:s|ed)?|need(?:s|ed)?|than)\b|n['’]t\b|['’]d (?!be (?:happy|glad|delighted))",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:.!?–—\n]|\b(?:but|and|so|because)\b", re.IGNORECASE)
_AFTER = re.compile(
    r"^[^.!?]*(?:\b(?:if|unless|until|once|when|only|as soon as|provided)\b|\?)", re.IGNORECASE
)

#: Begins as somebody does who is content, and holds nothing against it afterwards.
_CONTENT = late(
    r"^\W*(?:yes|yeah|agreed|all right|alright|good(?! intentions)|fine|okay|ok|great|excellent"
    r"|perfect|wonderful|fantastic|absolutely|certainly|sure|of course(?! you)|deal"
    r"|sounds (?:good|great)|brilliant|thank you|thanks|right"
    r"|that (?:makes sense|works|helps|will do|is (?:good|fair|clear|enough)))\b",
    re.IGNORECASE,
)
_AGAINST = late(
    r"\?|\b(?:not|no|nor|never|nothing|nobody|none|but|however|yet|still|until|unless|before|only"
    r"|though|although|without|if|except|need|want|tell me|show me|send me|first|too|hardly|cannot"
    r"|wonder|worr\w+|doubt\w*|afraid|problem|enough of|instead|rather)\b|n['’]t\b",
    re.IGNORECASE,
)
#: Acts that hold something against what was said.
HOLDING = (
    *(Act.PRESS, Act.DOUBT, Act.ASK_FOR, Act.CHALLENGE, Act.CONFRONT, Act.NOT_YET, Act.HESITATE),
    *(Act.FEEL_IGNORED, Act.LET_DOWN, Act.WARN, Act.WALK_AWAY, Act.NOTICE_REPEAT, Act.REMIND),
    *(Act.REBUFF_PUSH, Act.REBUFF_DISCOUNT, Act.REBUFF_DISPARAGE, Act.REBUFF_FLATTERY),
)

TAKEN = (Act.AGREE,)
SETTLED = (Act.ACCEPT, Act.INVITE, Act.AGREE, Act.NOT_A_FIT, Act.REMIND, Act.HESITATE, Act.NOTE)
ENDED = (Act.WALK_AWAY, Act.NOT_A_FIT, Act.WARN, Act.AGREE)
YES = (Act.AGREE, Act.ACCEPT, Act.INVITE)


def undecided(text: str, ground: Ground) -> Fault | None:
    """A yes, a no or an end that isn't what the buyer decided."""
    planned = ground.moment.next
    acts = {planned.act, planned.lead, planned.follow}
    wrong = (
        (TAKES, not acts & set(TAKEN)),
        (SETTLES, not acts & set(SETTLED)),
        (ENDS, not acts & set(ENDED)),
        (REFUSES, planned.act in YES and planned.follow not in (Act.PRESS, Act.WARN)),
    )
    found = any(not_decided and _says(p, text, ground.core) for p, not_decided in wrong)
    return Fault.DECISION if found else None


def softened(text: str, ground: Ground) -> Fault | None:
    """A whole reply that is content, or gives in, where the buyer has something against it."""
    if ground.moment.next.act not in HOLDING:
        return None
    said = unquoted(text)
    content = _CONTENT.match(said) and not _AGAINST.search(said)
    against = bool(_AGAINST.search(unquoted(ground.core)))
    return Fault.DECISION if (content and against) or yields(text, ground) else None


def _says(pattern: re.Pattern[str], text: str, core: str) -> bool:
    return _plainly(pattern, text) and not _plainly(pattern, core)


def _plainly(pattern: re.Pattern[str], text: str) -> bool:
    """Whether ``text`` says it outright: not denied, not asked, not on a condition."""
    said = unquoted(text)
    if pattern is REFUSES:
        return bool(pattern.search(said))
    return any(not _qualified(said, found) for found in pattern.finditer(said))


def _qualified(said: str, found: re.Match[str]) -> bool:
    before = _CLAUSE.split(said[: found.start()])[-1]
    return bool(_DENIED.search(before) or _AFTER.match(said[found.end() :]))
