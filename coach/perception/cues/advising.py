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
    r"\b(?:i|we) (?:would |'d |do |strongly |really |just )*"
    r"(?:suggest|recommend|advise|urge|want you to|need you to|think you should)\b",
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
