"""Questions: what opens one, what only counts or leads, and what asks whether all is settled."""

from __future__ import annotations

from coach.perception.cues.phrases import anywhere, words

OPEN_QUESTION = anywhere(
    r"^\W*(?:(?:and|so|but|ok(?:ay)?|well|right|then|may i ask|can i ask|could i ask|"
    r"just curious|out of interest|first|before (?:i|we)[^,?]*|if i "
    r"may)\b[,:\s]*)*(?:(?:what|how|why|which|who|whom|where|when)(?:'s|'d|'re)?\b|"
    r"in what\b|to what\b|at what\b|on what\b|for whom\b|with "
    r"whom\b|(?:(?:can|could|would|will) "
    r"you )?(?:please )?(?:tell me|walk me|talk me|help me "
    r"(?:to )?understand|describe|explain|share|say (?:a bit )?more|take me through|give me "
    r"(?:a|an) (?:idea|sense|example))\b|i(?:'d| would) (?:like|love) "
    r"to (?:hear|understand|know|learn)\b)",
)
INNER_OPEN = anywhere(
    r"[,;:–—-]\s*(?:and |but |so )?(what|how|why|which|who|where|when)\b[^?]*\?\s*$"
)
LEADING_WH = words(
    r"how about|what about if|what if (?:i|we)|why don'?t (?:we|you|i)",
    r"why not (?:just|simply|sign|try)|how (?:many|much|long|often|soon|old|big|far)|what time",
    r"who would(?:n't)? (?:not|want|say no)|what more do you|what are you waiting",
    r"what do (?:i|we) have to do",
    r"what (?:does|will|would) it take (?:to|for you to) (?:sign|close|buy|get)",
)
COUNTING = anywhere(r"\bhow (many|much|long|often|soon|old|big|far)\b|\bwhat time\b")
CLOSED_QUESTION = anywhere(
    r"^\W*(?:(?:and|so|but|ok(?:ay)?|well|then)\b[,\s]*)*(?:is|are|was|were|do|does|did|"
    r"have|has|had|can|could|would|will|should|shall|may|might|isn't|aren't|don't|doesn't|"
    r"didn't|won't|wouldn't|haven't)\b.*\b(?:you|your|it|that|this|there|we|they|i)\b",
)
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
