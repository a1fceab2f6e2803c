"""Owning, denying, not knowing, apologising, conceding and letting go."""

from __future__ import annotations

from coach.perception.cues.phrases import anywhere

OWN = anywhere(
    r"^\W*yes\b\W*(?:$|(?:that|it|this)\b|we (?:did|were|had|are)\b|unfortunately|sadly|"
    r"true|i'm afraid|you (?:heard|hear)\b)",
    r"\b(?:it(?:'s| is) true|that(?:'s| is| was) "
    r"(?:true|right|correct|accurate)|you(?:'re| are) right(?! (?:to|that you|not to)\b)|it "
    r"(?:did )?happen(?:ed)?|what you(?:'ve)? heard (?:did )?happen(?:ed)?|(?:heard|hear) "
    r"(?:right|correctly)|what you heard is (?:true|right|correct)|the (?:story|rumou?r) is "
    r"true)\b",
    r"\b(?:our|my) (?:fault|mistake|failure|responsibility|doing|error)\b",
    r"\b(?:it was|blame) us\b|\bon us\b(?=\W*$|[,;])|\bguilty\b",
    r"\bwe (?:got (?:it|that) wrong|failed|let \w+ (?:\w+ ){0,3}?down|caused|messed (?:it )?up|"
    r"were (?:down|offline|dark|silent|out|to blame)|did (?:go down|fail|have)|"
    r"went (?:down|dark))\b",
    r"\b(?:is|was|are|were|it's) (?:all |quite |entirely )?(?:accurate|what happened|as bad as)\b",
    r"\bbut it was(?=\W*$)",
    r"\b(?:nobody|no one|none of us|we (?:don't|won't|can't)) (?:\w+ )?(?:disputes?|denies|deny)\b",
)
SAYS_YES = anywhere(
    r"^\W*(?:yes|what you heard|it(?:'s| is) true|that(?:'s| is) "
    r"(?:true|right|correct)|you(?:'re| are) right|true)\b(?! to\b)",
)
DENIAL = anywhere(
    r"(?:\b(?:not|never|nothing|no)|n't) "
    r"(?:\w+ ){0,3}?(?:true|happen(?:ed)?|so(?=\W*$|[.,;])|real|correct|the case|accurate|"
    r"truth)\b",
    r"\b(?:just|only|simply|mere|nothing but) "
    r"(?:a |an )?(?:rumou?rs?|gossip|lie|lies|myth|story|stories|talk|fake)",
    r"\b(?:false|untrue|fake|made[- ]up|invented|nonsense|fabricat\w+|exaggerat\w+|"
    r"overblown)\b",
    r"\bno (?:such )?(?:outage|incident|truth|problem|failure|plan|plans)\b|\bnever had\b",
    r"\bnever (?:been|gone|went) (?:down|offline|out|dead)\b|\bno such thing\b",
    r"\bnothing (?:like that|of the (?:sort|kind))\b|\bfairy ?tales?\b",
    r"\bspreading (?:lies|rumou?rs?)\b|\bmade (?:it|that|this|all that) up\b",
    r"\brule (?:it|that) out\b",
)
#: Denies what is said about us, whichever words it is said in: needs no likeness to the rumour.
STORY_WRONG = anywhere(
    r"\b(?:story|stories|rumou?rs?|reports?|claims?|tale|account|allegations?|"
    r"what you(?:'ve| have)? (?:heard|been told|read))\b(?: \w+){0,3}? (?:is|are|was|were)"
    r"(?: \w+){0,2}? (?:wrong|false|untrue|incorrect|inaccurate|mistaken|made[- ]up|invented|"
    r"nonsense|fake|exaggerated|baseless)\b",
    r"\bthere (?:was|were|has|have) (?:never|not) (?:been )?any\b",
)
#: "I won't deny it": owns, however it is negated.
NO_DENIAL = anywhere(
    r"(?:\bnot going to|\bcannot|\bno point in|\b(?:do|will|would) not|n't) "
    r"(?:\w+ ){0,2}?(?:deny|denying|dispute|pretend|argue with|hide|dress)\b",
)
#: "There was no outage since then" denies nothing.
SINCE = anywhere(
    r"\bsince (?:then|that|the|march|september|2024|2025)\b|\bagain\b|\bany ?more\b",
    r"\bafter that\b|\bfrom then\b",
)
NOT_KNOWN = anywhere(
    r"\b(?:don't|do not|can't|cannot|could not|couldn't) "
    r"(?:yet )?(?:know|say|confirm|tell you|rule|deny (?:or|nor))",
    r"\bnot (?:sure|certain)\b|\bneither confirm\b|\bwithout knowing",
)
APOLOGISE = anywhere(
    r"\b(?:i(?:'m| am)|we(?:'re| are)) (?:really |very |so |truly |deeply )?sorry\b",
    r"\b(?:my|our) apolog|\b(?:i|we) apologi[sz]e",
)
SORRY_TO_HEAR = anywhere(
    r"sorry (?:to hear|your?\b|that you|(?:about|for) "
    r"(?:you|what you)|(?:that )?(?:it|this|that|they|he|she) happened to you|if i|for "
    r"(?:the )?(?:delay|interrupt|late))",
)
WONT_APOLOGISE = anywhere(
    r"\b(?:not|never|no (?:need|reason) to)\b.{0,24}(?:apologi|sorry)",
    r"n't\b.{0,24}(?:apologi|sorry)",
)
ADMIT = anywhere(
    r"\b(?:they|\w+)(?:'re| are| is|'s) "
    r"(?:(?:a step|a bit|way|far|well|miles) )?(?:\w+ )?(?:ahead|better|stronger|cheaper|faster)\b"
    r".{0,40}\b(?:than (?:us|we|ours)|there|on that|at that|in that|of (?:us|ours)|at|on|for|in)\b",
    r"\b(?:better|sooner|faster|cheaper|more|further) .{0,40}\bthan (?:us|we|ours)\b",
    r"\bbetter (?:served|off) (?:by|with) (?:them|theirs)\b|\btheirs (?:\w+ )?serves? you better\b",
    r"\b(?:no one|nobody|none of us) (?:beats|matches|comes near) them\b",
    r"\b(?:keep|caught|catch) up with (?:them|that)\b|\b(?:is|are)n't something we\b",
    r"\b(?:a thing|something|one thing) we (?:\w+ )?(?:don't|can't|lack)\b",
    r"\bwe lack\b|\bwe have (?:no|nothing)\b(?! (?:\w+ )?(?:outages?|downtime|problems?|issues?|"
    r"complaints?|faults?|failures?|hidden|against|bad|but|to (?:hide|apologise|apologize|fear)))",
    r"\bwe(?:'re| are) not (?:the )?(?:best|cheapest|strongest|ahead|right)",
    r"\bwe (?:simply |just |really |honestly )?(?:don't|can't|cannot|do not) "
    r"(?:offer|have|do|match|beat|support|provide|cover|"
    r"claim)\b(?! (?:any |such )?(?:outages?|downtime|problems?|issues?|complaints?|faults?|"
    r"failures?|hidden))",
    r"\b(?:their|that) (?:\w+ ){0,3}is (?:better|stronger|ahead)",
    r"\bto be (?:honest|fair|frank)\b.{0,60}\b(?:better|ahead|stronger|weaker|behind)",
    r"\b(?:beats?|outperforms?) us\b",
)
#: "We are ahead of them": a boast, however near it is to a concession.
WE_LEAD = anywhere(
    r"\b(?:we(?:'re| are)|our (?:\w+ ){1,4}(?:is|are)|ours (?:is|are)) "
    r"(?:\w+ )?(?:ahead|better|stronger|cheaper|faster)\b",
)
DISQUALIFY = anywhere(
    r"\b(?:may|might|probably|perhaps)(?: \w+)? not be (?:the |a )?(?:right|good) "
    r"(?:fit|choice|solution|match)",
    r"\bnot (?:the |a )?(?:right|good|best) (?:fit|choice|match|solution)\b|\boverkill\b",
    r"\b(?:best|better) off (?:where you are|with what you have|staying|keeping)\b",
    r"\b(?:would|'d|should) (?:leave (?:it|things) (?:alone|as)|keep what|stay (?:put|with|where))",
    r"\b(?:theirs|they) (?:may|might|would|will) (?:well )?(?:serve|suit|fit) you better\b",
    r"\byou (?:should|might as well|had better|'d better) "
    r"(?:(?:stay|stick) (?:with|where)|keep what)\b",
    r"\bi (?:would|'d) ?(?:n't|not) (?:buy|switch|change|recommend|move|touch)\b",
    r"\b(?:don't|do not) (?:think you )?(?:really |actually )?need "
    r"(?:us|ours?|this|a second (?:one|system))\b",
    r"\b(?:i(?:'d| would)?|i have to) advise (?:you )?against\b|\bno use to you\b",
    r"\b(?:a )?wast(?:e|ing) (?:of )?your money\b|\b(?:save|keep) your money\b",
    r"\bmakes? no sense (?:for you )?to (?:buy|invest|pay|order)\b|\bdon't think we can help you\b",
    r"\bwon't (?:try to )?sell you any(?:thing|more)?(?! (?:you|that))\b",
    r"\bno (?:point|sense) in (?:buying|my selling|selling you|a second)\b",
    r"\b(?:can't|cannot|won't) (?:in good conscience |honestly )?sell you "
    r"(?:this|that|ours?|one|a second)\b",
    r"\bnothing (?:here |left )?for (?:me|us) to (?:sell|solve)\b",
)
