"""A whole reply that gives in where the buyer holds something against what was said.

Nobody need say "I agree" to agree: a model that wants to please is relieved, glad, corrected, sees
it now. Signs of giving in are weighed against signs of holding on; a reply that holds on is left
alone however kindly it begins, and so is what the written line does itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coach.late_pattern import late
from coach.vetting.words import unquoted

if TYPE_CHECKING:
    from coach.vetting.ground import Ground

ENOUGH = 2  # points from which a reply gives in


def _any(*patterns: str) -> re.Pattern[str]:
    return late("|".join(patterns), re.IGNORECASE)


_I = r"\b(?:i|we)"
_AM = rf"{_I}(?:['’]m| am|['’]re| are)"
_WILL = rf"{_I}(?:['’]ll| will|['’]d| would)"
_CAN = rf"{_I} (?:can|could)(?: now| certainly)?"
_YOU_HAVE = r"\byou(?:['’]ve| have)"
_IT_IS = r"\b(?:that|this|it)(?:['’]s| is)"
_MORE = (
    r"(?: (?:a lot|much|far|so much|a bit|really|very|quite|perfectly|perfect|all|now|just|also))*"
)
_YES = r"(?:yes|good|fine|okay|ok|all right|alright|then|great|right)"

#: Gives in by itself: two points.
_GIVES = _any(
    r"\b(?:a|some|such a|quite a|the) (?:relief|load off)\b",
    rf"{_AM}{_MORE} (?:relieved|impressed|persuadable|open to|at ease|looking forward|for it)\b",
    rf"{_AM}{_MORE} (?:glad (?:(?:that )?(?:i|we|you)|to hear)|(?:happy|content) (?:with|to))\b",
    rf"{_AM} sure (?:it|this|that|you)\b",
    rf"{_I}(?: do)? feel{_MORE} (?:better|reassured|relieved|confident|comfortable|safer)\b",
    r"\breassur(?:es|ed|ing) (?:me|us|to)\b|\bgives? (?:me|us) (?:\w+ )?(?:confidence|comfort)\b",
    r"\b(?:convinces|persuades|satisfies) (?:me|us)\b|\bwon (?:me|us) (?:over|round)\b",
    rf"{_I} (?:stand corrected|withdraw|take (?:it|that) back|respect that)\b",
    rf"{_I} have to (?:admit|give you that|hand it|concede)\b|\byou['’]?ve (?:got|have) me there\b",
    r"\byou(?:['’]re| are) (?:quite |absolutely |probably )?right\b(?! about (?:one|the cost))",
    r"\bi (?:shouldn['’]t have|was wrong)\b|(?<!why )\bi hadn['’]t (?:looked|thought)\b",
    rf"\b(?:now|then) it is clear\b|\bit clicks\b|\bmakes?{_MORE} sense\b",
    rf"{_I}(?: do)? see (?:it|the (?:value|point|benefit|sense)|them)(?: now)?\b",
    rf"{_CAN} (?:picture|imagine|see) (?:it|that|this|them|a path|how you)\b",
    rf"{_CAN} (?:defend|explain|support|(?:live|work) with|stand behind|forgive|consider)\b",
    rf"{_CAN} (?:sleep|rely|look past|tell (?:my|our)|put (?:it|that|this) (?:behind|into))\b",
    r"\b(?:leave|put|puts) (?:\w+ ){1,3}behind\b",
    rf"{_WILL}(?: gladly| happily| be (?:glad|happy) to)? (?:back|support|recommend)\b",
    rf"{_WILL}(?: gladly| happily| be (?:glad|happy) to)? (?:introduce|let (?:it|that) go)\b",
    rf"{_WILL}(?: be (?:glad|happy) to)? (?:give you a chance|listen to you|confirm|consider it)\b",
    rf"{_WILL} (?:tell the others|let (?:my|our) \w+ know|have got there)\b|{_I} won['’]t worry\b",
    rf"{_YOU_HAVE} (?:my|our|given (?:me|us) something to|let (?:me|us)|taken away|earned)\b",
    rf"{_YOU_HAVE} (?:understood|done it|thought (?:this|it|about))\b|\byou can count on\b",
    r"\byou (?:clearly|certainly|obviously|really) (?:did|know|have|understand)\b",
    r"\byou make a (?:strong|good|fair|convincing)\b|\byou(?:['’]re| are) (?:different from|on)\b",
    r"\b(?:that|it|this) (?:really |fully )?(?:helps|covers (?:every|it all)|fills|holds up)\b",
    r"\b(?:that|it|this) (?:would (?:carry|work)|works for (?:me|us)|answers (?:it|what))\b",
    r"\b(?:that|it|this)(?:['’]ll| will) do\b|\bthat (?:point|part)(?: is|['’]s) done\b",
    r"\bnothing (?:left to stop|in it|is closing|to add|against (?!you))|\bno quarrel with\b",
    r"\bless of a (?:problem|worry)\b|no reason to stay|isn['’]t (?:second best|what holds)\b",
    r"\b(?:closer|better|less|clearer|simpler) than (?:i|we) (?:thought|feared|expected|hoped)\b",
    r"\b(?:can|shall|let['’]s) (?:carry on|begin|get started|see what you can do)\b",
    r"\bin good hands\b|\bunder control\b|\b(?:dead|done|settled) as far as i\b|\bit is,? then\b",
    rf"{_I} (?:trust|believe) (?:the|your|you on) \w+|\btime for a change\b|\bon a level with\b",
    r"\btell me when\b|\bwould welcome you\b|\btakes (?:the (?:worst|gamble|risk|fear)|away)\b",
    r"\bin the way any ?more\b|\bthat question is answered\b",
)
#: Begins with a yes, and goes on as one does who has said it: two points.
_BEGINS = _any(
    r"^\W*fine by me\b|^\W*fair (?:enough|point)[.,](?! but)",
    rf"^\W*{_YES},? (?:i(?:['’]ll(?! tell you)| can| see| could| trust)|you['’]ve got)\b",
    rf"^\W*{_YES},? (?:that['’]d work|that would settle|it['’]s a choice)\b",
)
#: A yes that no wish behind it takes back: four points.
_AGREES = _any(
    r"^\W*(?:agreed|go ahead|happy to)\b",
    rf"^\W*{_YES},? (?:do (?:it|one|that|the)|let['’]s|put it (?:in|on)|begin|you['’]re on)\b",
    rf"^\W*{_YES},? i['’]m (?:in|for it)\b",
)
#: Begins with praise of what was said: two points.
_APPROVES = _any(
    rf"^\W*(?:good|yes|fine|all right|well|then)?\W*that(?:['’]s| is)(?: a| an)?{_MORE}"
    r" (?:fair|sensible|reasonable|solid|sound|honest|convincing|helpful|reassuring|the way)\b",
)
#: A friendly word: a point for each of the two.
_CONTENT = _any(
    r"^\W*(?:yes|yeah|all right|alright|good(?! (?:intentions|will))|fine|okay|ok|great|excellent"
    r"|perfect|wonderful|lovely|absolutely|certainly|sure|sounds|understood|i see|i like|thank you"
    r"|thanks|right|well|ah|so|then)\b",
)
_PRAISES = _any(
    rf"{_IT_IS}(?: a| an| such a| exactly)?{_MORE} (?:good|great|fair|fine|solid|sound|sensible)\b",
    rf"{_IT_IS}(?: a| an| such a)?{_MORE} (?:reasonable|excellent|perfect|convincing|honest)\b",
    rf"{_IT_IS}(?: a| an)?{_MORE} (?:clear(?:er)?|helpful|enough|exactly (?:what|the kind))\b",
    r"\b(?:good|fair|strong|solid|sound|excellent|great) (?:point|reason(?:ing)?|case|argument)\b",
    r"\b(?:good|fair|strong|solid|sound|great) (?:answer|approach|plan|news|start|step)\b",
    rf"{_I} (?:like|appreciate|respect|trust)\b|\b(?:happy|glad|thank\w*)\b",
)
#: Holds on: two points off for a question, two for any of the others, one for a mere "not".
_ASKS = late(r"\?")
_GOES_ON = _any(
    r"\b(?:when|what(?: is|['’]s| comes| would be) (?:the |our )?next|how soon)\b[^.?!]*\?"
)
_RESISTS = _any(
    r"\b(?:but|however|though|although|all the same|so far|still|yet|for (?:the time being|now))\b",
    r"\b(?:until|unless|instead|nevertheless|even so|hardly|no wiser|of course you)\b",
    r"\btoo (?:easy|simple|vague|general)\b|\bif (?:it|that|you|your)\b",
    rf"(?:{_AM}|{_I}(?:['’]d| had)?)(?: just| only| simply| really)?"
    r" (?:not|asked|meant|wanted|doubt|wonder|worry|fear|need|heard it|notice|owe|wasn['’]t)\b",
    rf"{_WILL} (?:need|want|like|rather|call|wish)\b",
    r"(?:\b(?:do|does|is|can|could|have|would)(?:n['’]t| not)|\bcan['’]t|\bcannot)"
    r" (?:see|know|get|believe|trust|understand|say|picture|tell|think|convince\w*|calm|sure|go"
    r"|answer|help|change|count|make|mean)\b",
)
_DENIES = _any(r"\b(?:not|no|nor|never|nobody|none|without|nothing)\b|n['’]t\b")


def yields(text: str, ground: Ground) -> bool:
    """Whether ``text`` gives in more than it holds on, and more than the written line does."""
    points = weight(text)
    return points >= ENOUGH and points > weight(ground.core)


def weight(text: str) -> int:
    """Points for giving in, less those for holding on."""
    said = unquoted(text)
    gives = 2 * bool(_GIVES.search(said)) + 2 * bool(_BEGINS.match(said))
    gives += 4 * bool(_AGREES.match(said)) + 2 * bool(_APPROVES.match(said))
    friendly = bool(_CONTENT.match(said)) + bool(_PRAISES.search(said))
    rest = _GIVES.sub("", said)  # "nothing against it" denies nothing
    asks = bool(_ASKS.search(_GOES_ON.sub("", said) if gives else said))
    holds = 2 * asks + 2 * bool(_RESISTS.search(rest)) + bool(_DENIES.search(rest))
    return gives + friendly - holds
