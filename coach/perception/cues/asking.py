"""Questions: what opens one, what only counts or leads, and what asks whether all is settled."""

from __future__ import annotations

from coach.perception.cues.phrases import anywhere, words

_WH = r"(?:what|how|why|which|who|whom|where|when)"
_AUX = (
    r"(?:is|are|was|were|do|does|did|have|has|had|can|could|would|will|should|shall|may|might|"
    r"isn't|aren't|wasn't|weren't|don't|doesn't|didn't|won't|wouldn't|haven't|hasn't|can't|couldn't)"
)
_SUBJECT = r"(?:you|your|it|that|this|these|those|there|we|they|he|she|i|my|our|their|the|any\w*)"
_ASK_TO_TELL = (
    r"(?:tell me|walk me|talk me|talk to me about|help me (?:to )?understand|describe|explain|share|"
    r"say (?:a (?:bit|little) )?more|take me through|give me (?:a|an) (?:idea|sense|example))\b"
)
#: What people say before they ask, and while they look for words.
_LEAD_IN = (
    r"^\W*(?:(?:and|so|but|ok(?:ay)?|well|right|all right|alright|then|now|yes|yeah|no|oh|ah|uh|um|"
    r"hmm+|mm+|mm[- ]?hm+|uh[- ]?huh|sure|great|i see|got it|you know|like|may i ask|can i ask|"
    r"could i ask|just curious|out of interest|first|before (?:i|we)[^,?]*|if i may)\b[-,:–—\s]*)*"
)

OPEN_QUESTION = anywhere(
    rf"{_LEAD_IN}(?:{_WH}(?:'s|'d|'re)?\b|in what\b|to what\b|at what\b|on what\b|for whom\b|"
    rf"with whom\b|(?:(?:can|could|would|will) you )?(?:please )?{_ASK_TO_TELL}|"
    r"i(?:'d| would) (?:like|love) to (?:hear|understand|know|learn)\b)",
)
#: Open however it is begun and however it ends: "... how do you", "can you tell me", "I wonder what".
EMBEDDED_OPEN = anywhere(
    rf"\b(?:what|how|why)\b(?:'s|'d|'re| (?:else |about \w+ |\w+ ){{0,2}}{_AUX}) {_SUBJECT}\b",
    rf"\b(?:(?:can|could|would|will) you|if you (?:can|could|would)|(?:like|love) (?:you|for you) to)"
    rf" (?:please |maybe |just )?{_ASK_TO_TELL}",
    rf"\bi (?:just |also |really )?wonder {_WH}\b",
    rf"\bi(?:'m| am| was|'d be| would be|'ve been) (?:just |also |really |kind of |quite )?"
    rf"(?:wondering|curious|interested)(?: about| to know| to hear| in| as to)*"
    rf"(?: {_WH}\b| about\b)",
)
#: "I wonder if ...", "I'm curious whether ...": a question in the form of a statement.
WONDERING = anywhere(
    r"\bi (?:just |also |really )?wonder(?:ed)?(?:,? (?:if|whether|what|how|why|who|where|when|which)\b)",
    r"\bi(?:'m| am| was|'ve been) (?:just |also |really |kind of |quite )?(?:wondering|curious)\b",
)
INNER_OPEN = anywhere(
    r"[,;:–—-]\s*(?:and |but |so )?(what|how|why|which|who|where|when)\b[^?]*\?\s*$"
)
#: "Yeah?", "Okay?": keeps the other one with us and asks nothing.
ASSENT = anywhere(
    r"^\W*(?:(?:yes|yeah|yep|ok(?:ay)?|right|all right|alright|sure|really|mm+|hm+|mm[- ]?hm+|"
    r"uh[- ]?huh|huh|eh|you know|you see|see)\W*)+$"
)
LEADING_WH = words(
    r"how about|what about if|what if (?:i|we)|why don'?t (?:we|you|i)",
    r"why not (?:just|simply|sign|try)|how (?:many|much|long|often|soon|old|big|far)|what time",
    r"who would(?:n't)? (?:not|want|say no)|what more do you|what are you waiting",
    r"what do (?:i|we) have to do",
    r"what (?:does|will|would) it take (?:to|for you to) (?:sign|close|buy|get)",
)
COUNTING = anywhere(
    r"\bhow (?:many|much|long|often|soon|old|big|far)\b|\bwhat (?:time|number)\b|\bon a scale\b"
)
CLOSED_QUESTION = anywhere(rf"{_LEAD_IN}{_AUX}\b.*\b(?:you|your|it|that|this|there|we|they|i)\b")
IMPERATIVE = words(
    r"tell me|walk me|talk me|help me|describe|explain|take me through|love to|like to"
)
YOU = anywhere(r"\byou(?:r|rs|rself)?\b")
CHECK = anywhere(
    r"\b(?:does|do|did|would|will|has|have|is|am|was|how) "
    r"(?:that|this|it|i|we|you)\b.{0,30}\b(?:answer|address|settle|deal with|cover|help|"
    r"make sense|sound|feel|enough|clear|satisf|resolve|reassur|understood|got (?:it|that) "
    r"right|right)\b.{0,60}\?",
    r"\bwhat (?:else|is still|would still|remains|still)\b.{0,60}\?",
    r"\b(?:any|some)thing (?:else|still|about|behind|more|you|that)\b.{0,90}\?",
    r"\bdid i (?:get|understand)\b.{0,40}\?",
)
#: "Would that ...?" after an answer, or "is there anything ...?": asks whether it is settled.
ASKS_IF_DONE = anywhere(
    r"\b(?:is|was) there (?:any|some)thing\b.*\?",
    r"^\W*(?:(?:and|so|then)\b[, ]*)?(?:does|did|do|would|will|is|was|has) (?:that|this)\b.*\?",
)
