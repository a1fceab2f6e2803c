"""Telling others what to do, and asking first whether they want to be told."""

from __future__ import annotations

from coach.perception.cues.phrases import anywhere

ADVICE = anywhere(
    r"\byou (?:really |just |simply |probably |still |definitely )?"
    r"(?:should|must|ought to|need to|have to|had better|got to|gotta)\b"
    r"(?! (?:be|feel|have been)\b)",
    r"\byou'?(?:d| would) (?:better|be better off|do well to)\b|\byou've got to\b",
    r"\byou(?: should|'?d)? (?:want to|might want to|may want to) (?:\w+ )?"
    r"(?:think|consider|look|try|stop|start|cut|get|make)\b",
    r"\b(?:i|we)(?:'d| would| do)? (?:strongly |really |just )*"
    r"(?:suggest|recommend|advise|urge|want you to|need you to|think you should)\b",
    r"\b(?:you|we|they|it|that|this)(?: do| does|'re going to| will)? needs? to "
    r"(?:start|stop|look at|get|take|change|lose|cut|work on|deal with)\b",
    r"\byou(?:'re| are) (?:going to|gonna) (?:take|want|need|have to)\b",
    r"\bi hope you(?:'ll| will)? (?:\w+ )?(?:consider|think|listen|stop|quit|try|take|get)\b",
    r"\b(?:things|steps) you (?:can|could) do\b|\byou can (?:use|try|avoid|keep|take|start|get)\b",
    r"\b(?:think of it as|the next step is to|we can talk about (?:medic|how you))",
    r"\byou(?:'ll| will) (?:really |just |probably )?(?:need|have) to\b",
    r"\byou(?:'re| are) supposed to\b",
    r"\byou (?:can't|cannot|don't want to|shouldn't) (?:just |really )?"
    r"(?:keep|continue|go on|be)\b",
    r"\b(?:i(?:'d| would) like|i(?:'m| am) (?:going to|gonna) (?:need|ask|have)) you to\b",
    r"\bthe best (?:thing|way|option|solution)\b.{0,40}\b(?:is|would be) to\b|\byour best bet\b",
    r"\b(?:it|that) (?:would|'d|might|could) (?:really )?(?:help|be (?:good|better|best|wise)) "
    r"(?:you )?(?:if you|to)\b|\b(?:how|what) about (?:trying|you \w+ing|taking|using)\b",
    r"\b(?:why can't|couldn't|can't|why not) you\b|\bmaybe you (?:could|can|should)\b",
    r"\bif i were you\b|\bmy advice\b|\bwhat you (?:should|need to|have to|must)\b",
    r"\bwhy don't you\b|\bhave you (?:tried|thought (?:about|of)|considered)\b",
    r"\bit(?:'s| is| would be|'d be) (?:\w+ )?(?:important|best|better|essential|vital|time|"
    r"good) (?:that you|for you|to (?:stop|start|quit|cut|get|make|try|take))\b",
    r"^\W*(?:so |and |but |just |well |please )*(?:stop|quit|try|start|don't|do not|make sure|"
    r"be sure|consider|think about|remember to|avoid|cut (?:down|back|out)|get (?:rid|some|more)) "
    r"(?!me\b|you\b)\w+",
)
#: "Would it help if I told you ...": who asks first doesn't advise unasked.
ASKED_FOR = anywhere(
    r"\b(?:may|can|could|would it (?:be (?:ok|okay|all right|alright)|help)|is it (?:ok|okay)|"
    r"would you (?:like|mind)|do you want)\b.{0,30}\b(?:i|me|we)\b",
    r"\bif you (?:like|want|wish)\b|\bup to you\b|\byou (?:can|could) (?:decide|choose)\b",
)
