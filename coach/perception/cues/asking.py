"""Questions: what opens one, what only counts or leads, and what asks whether all is settled."""

from __future__ import annotations

from coach.perception.cues.phrases import LEAD_IN, anywhere, words

_WH = r"(?:what|how|why|which|who|whom|where|when)"
_AUX = (
    r"(?:is|are|was|were|do|does|did|have|has|had|can|could|would|will|should|shall|may|might|"
    r"isn't|aren't|wasn't|weren't|don't|doesn't|didn't|won't|wouldn't|haven't|hasn't|can't|"
    r"couldn't)"
)
_SUBJECT = r"(?:you|your|it|that|this|these|those|there|we|they|he|she|i|my|our|their|the|any\w*)"
_WHO = r"(?:i|you|we|they|he|she|it|things|people)"
_TO_TELL = (
    r"(?:tell me|walk me|talk me|talk to me (?:a (?:little )?bit |a little )?(?:more )?about|"
    r"help me (?:to )?(?:understand|see)|describe|explain|share|say (?:a (?:bit|little) )?more|"
    r"take me through|give me (?:a|an) (?:idea|sense|example))\b"
)
_CURIOUS = r"\bi(?:'m| am| was|'d be| would be|'ve been) (?:just |also |really |kind of |quite )?"

#: How most open questions begin, though some lead: see LEADING_WH.
OPEN_QUESTION = anywhere(
    rf"{LEAD_IN}(?:{_WH}(?:'s|'d|'re)?\b|(?:in|to|at|on) what\b|(?:for|with) whom\b|"
    rf"(?:(?:can|could|would|will) you )?(?:please )?{_TO_TELL}|"
    r"i(?:'d| would) (?:like|love) to (?:hear|understand|know|learn)\b)",
)
#: Open wherever it stands and whatever mark it ends with: "... how do you", "I wonder what".
EMBEDDED_OPEN = anywhere(
    rf"(?<!\babout )(?<!\bsee )(?<!\bknow )(?<!\bhear )\b(?:what|how|why)\b"
    rf"(?:'s|'d|'re| (?:else |(?!(?:i|we|things)\b)\w+ ){{0,2}}{_AUX}) {_SUBJECT}\b(?!-)",
    r"\b(?:(?:can|could|would|will) you|if you (?:can|could|would)|love (?:you|for you) to) "
    rf"(?:please |maybe |just )?{_TO_TELL}",
    rf"\bi (?:just |also |really )?wonder {_WH}\b",
    rf"{_CURIOUS}(?:wondering|curious|interested)(?: about| to know| to hear| in| as to)* {_WH}\b",
    rf"{_CURIOUS}(?:wondering|curious) about\b",
    r"\bany(?:thing|one|body)? (?:else|other)\b.*\?|\bor\W*\?\W*$",
    r"[,;:–—]\s*(?:(?:so|and|well|please)\b,? )*tell me (?:a (?:little )?bit |a little )?"
    r"(?:more )?about",
)
#: The order of words that only a question has, at its start or in the middle of it.
INVERTED = anywhere(
    rf"\b{_AUX} (?:you|your|it|that|this|there|we|they|i|he|she|those|these|any\w*|some\w*)\b",
    rf"(?:,|\band\b|\bor\b|^\W*+)\s*+{_WH}\b",
)
#: "What I recommend is", "when you come back": the order of words is that of a statement.
STATED_WH = anywhere(rf"{LEAD_IN}{_WH} {_WHO}\b")
#: "I wonder if you would": asks, with a full stop.
EMBEDDED_CLOSED = anywhere(
    r"\bi (?:just |also |really |guess i |do )?wonder(?:ed)? (?:if|whether) (?:you|we)\b",
    rf"{_CURIOUS}wondering (?:if|whether) (?:maybe )?(?:you|we)\b",
)
#: Wants no answer: "who knows?", and what is only quoted.
RHETORICAL = anywhere(
    r"\bwho (?:knows|cares)\W*\?\W*$",
    r"\b(?:say|says|saying|said|ask|asks|asked|thinking|like|goes),? [\"“][^\"”]*\?\W*$",
)
#: A statement of two sides, held up to the other with a rising voice.
TWO_SIDES = anywhere(
    rf"{LEAD_IN}(?<=but )(?!{_AUX}\b|{_WH}\b)[^?]*\?\W*$",
    r"\bon (?:the )?one hand\b",
    r"\bpart of you\b",
)
INNER_OPEN = anywhere(
    r"[,;:–—-]\s*(?:and |but |so )?(what|how|why|which|who|where|when)\b[^?]*\?\s*$"
)
#: "Yeah?", "Okay?": keeps the other one with us and asks nothing; "right?" alone asks.
ASSENT = anywhere(
    r"^\W*+(?!right\W*$)(?>(?:yes|yeah|yep|ok(?:ay)?|right|all right|alright|sure|really|"
    r"hm+|mm[- ]?hm+|mm+|uh[- ]?huh|huh|eh|you know|you see|see)\b\W*+)+$"
)
#: "..., isn't it?", "..., okay?": a statement that wants a nod.
TAG = anywhere(
    r",? (?:(?:is|are|was|were|do|does|did|have|has|had|can|could|would|will|should|ai)n't "
    r"(?:you|it|that|there|we|they|i|he|she)|(?<!sound )(?<!that )(?:ok|okay|all right|alright)|"
    r"yeah|you know|huh)\W*\?\W*$"
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
CLOSED_QUESTION = anywhere(
    rf"{LEAD_IN}{_AUX}\b.*\b(?:you|your|it|that|this|there|we|they|i|he|she)\b"
)
IMPERATIVE = words(
    r"tell me|walk me|talk me|talk to me|help me|describe|explain|take me through|love to|like to",
    r"share|say (?:a (?:little )?bit |a little )?more|give me (?:a|an) (?:idea|sense|example)",
)
#: Meaning words that a question about anything may hold: "what happened", "can you explain that".
GENERAL = frozenset(
    """
    bother bothering bring brought call cause caused describe elaborate exactly explain feel feeling
    going happen happened happening help like look looking made make matter mean need really reason
    story talk tell thing think today want work wrong
    """.split()  # noqa: SIM905  a word list reads better than quoted items
)
#: An offer to listen asks for nothing yet; a question about oneself asks the other for nothing.
OFFERS_TALK = anywhere(
    r"\b(?:want|wanna|like|need|care|free|happy|up|down)(?: somebody| someone)? (?:to )?"
    r"(?:talk|chat|vent)\b",
    r"\b(?:talk|vent|chat)(?: about (?:it|this|that))?\W*\?",
)
SELF = anywhere(r"\b(?:i|i'm|i've|i'd|my|me|we|us|our)\b")
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
    r"\b(?:is|was) there (?:any|some)thing\b.*\?|^\W*(?:and |so )?anything (?:else|more)\b.*\?",
    r"\bdo you (?:agree|see what i mean)\b|^\W*(?:and |so )?(?:that )?(?:makes?|sounds?) "
    r"(?:sense|good|fair|ok(?:ay)?|right)\W*\?",
    r"^\W*(?:(?:and|so|then)\b[, ]*)?(?:does|did|do|would|will|is|was|has) (?:that|this)\b.*\?",
)
