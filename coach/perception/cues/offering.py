"""Promises with a date, next steps and refusals."""

from __future__ import annotations

from coach.perception.cues.phrases import anywhere, words

PROMISE = anywhere(
    r"\b(?:i|we)(?:'ll| will| can| am going to|'m going to|'d like to|"
    r"'d rather)\s+(?:\w+\s+){0,3}?(?:find out|check|ask|come back|get back|get you|get "
    r"(?:a|the|an)|send|write|confirm|look into|clarif|have "
    r"(?:it|a|an|our|the)|bring|verify|investigate)\b",
    r"\blet me (?:find out|check|ask|look into|verify|get)",
    r"\b(?:our|the|my) (?:\w+ ){1,4}?will "
    r"(?:answer|write|send|call|confirm|reply|get back|come back|ring|tell)\b",
)
BY_WHEN = anywhere(
    r"\b(?:by|before|on|until|no later than|beginning|starting|this|next|within|in|"
    r"end of|end of the|tomorrow)\b.{0,24}\b(?:monday|tuesday|wednesday|thursday|friday|"
    r"weekend|week|month|noon|tomorrow|tonight|evening|today|hours?|days?|january|february|march|april|may|june|"
    r"july|august|september|october|november|december|\d{1,2}(?:st|nd|rd|th)?)\b",
    r"\btomorrow\b|\bfirst thing\b",
)
STEP = words(
    r"shall we|can we|could we|should we|might we|how about|why don't we|why not|what if we",
    r"would (?:a|an|the|half|thirty) (?:\w+ ){1,8}?(?:be|help|make sense|suit|work)",
    r"i(?:'ll| will| can| could) (?:send|bring|put|set|book|arrange|introduce)",
    r"i(?:'d| would) (?:suggest|propose|like to (?:set|arrange|invite|offer|book))",
    r"i (?:suggest|propose)",
    r"let(?:'s| us| me) (?:set|arrange|book|meet|start|plan|schedule|agree|organi[sz]e|run|"
    r"put|try|test|look|sit)",
    r"would you (?:be (?:open|willing|happy|up|free)|like to)",
    r"would it (?:help|make sense|be useful) (?:to|if)",
    r"next step|are you (?:open|free|available)|if you agree",
    r"(?:can|could|may) i (?:arrange|set|book|put|invite|introduce|bring|send)|shall i",
    r"(?:have|get|like|give (?:me|us)|need|ask(?:ing)? (?:you )?for) (?:your|a|the) "
    r"(?:go[- ]ahead|green light|backing|consent|approval)",
)
#: What two do together, if a day is named.
TOGETHER = words(
    r"together|sit down|sit with|look at|go through|walk through|work through|come by|come over",
    r"see it|count|compare|show you|run|meet|join|measure",
)
STEP_NOUN = words(
    r"call|meeting|meet|pilot|trial|test|demo(?:nstration)?|visit|workshop|session|reference",
    r"introduc\w+|review|proposal|minutes|calendar|site|walk[- ]?through|appointment",
    r"conversation|talk to|speak to|speak with|side[- ]by[- ]side|parallel|drill",
    r"try(?:[- ]?out)?|go[- ]ahead|(?:\d+|thirty|sixty|ninety)[- ]days?|half an hour|an hour",
    r"(?:page|sheet) together|go[- ]ahead|green light|first stage|quiet (?:start|beginning)",
)
REFUSES = anywhere(
    r"(?<!\bif )(?<!\bwhen )\b(?:we|i) (?:can'?t|cannot|don't|do not|won't|will not)\b",
    r"\bno way\b|\bnot possible\b|\bimpossible\b",
)
