"""Taking a worry up, saying it back, and taking that back in the same breath."""

from __future__ import annotations

from coach.perception.cues.phrases import LEAD_IN, anywhere, starts, words

ACKNOWLEDGE = starts(
    r"i (?:can |do |fully |completely |really )?(?:understand|see|get|hear|appreciate|"
    r"respect)\b",
    r"i (?:can )?imagine",
    r"(?:that(?:'s| is)|it(?:'s| is)|this is) "
    r"(?:a |an |entirely |completely |perfectly |very |only )*(?:fair|reasonable|sensible|"
    r"valid|legitimate|understandable|natural|good point|fair point|good question|fair "
    r"question|right to)",
    r"(?:fair|good) (?:point|enough|question)|the right (?:thing|question) to ask",
    r"put your finger on (?:it|something)|makes (?:perfect |complete |a lot of |good )?sense",
    r"you(?:'re| are) (?:quite |absolutely )?right\b(?! (?:about (?:them|their)|person|"
    r"choice|fit))",
    r"you(?:'ve| have) every (?:right|reason)|no wonder|(?:quite|you're) right to",
    r"(?:that|it|this|that one) (?:would|must|has to|does) (?:\w+ )?(?:bother|worry|trouble|"
    r"frighten|scare|annoy|upset|hurt|sting|keep|cost|unsettle)",
    r"(?:would|'d) (?:bother|worry|trouble|frighten|scare|unsettle|annoy) (?:me|any|most|us)",
    r"must (?:sting|hurt|have hurt|have stung|weigh)",
    r"i(?:'d| would) (?:be|feel|have been|ask|want|hesitate|think|worry)\b.{0,30}"
    r"(?:\bsame\b|\btoo\b|\bas well\b|\bjust as\b|in your|\bwary|\bcareful|\bcautious|\buneasy)",
    r"(?:any(?:body|one)|most people|everybody|everyone) .{0,40}(?:would|wouldn't) "
    r"(?:be|feel|have|worry|hesitate|ask|want|think)",
    r"(?:is|are|'s) (?:worth (?:a (?:lot|great deal)|respecting|something)|nothing to argue|"
    r"hard to (?:replace|put|beat|give up)|(?:plain |just )?(?:good|common) sense|"
    r"(?:only )?natural)",
    r"you(?:'re| are) asking the right|(?:quite )?right to (?:ask|be|want|check|insist|worry)",
    r"(?:that|it) (?:sounds?|would)(?: have)? "
    r"(?:be|been|feel|felt)?\s*(?:frustrat|hard|difficult|worr|painful|stress|like a)",
    r"(?:must|can't|cannot) (?:have been|have felt|be|feel) "
    r"(?:\w+ )?(?:frustrat|hard|difficult|worr|painful|stress|awful|horrible|embarrass|"
    r"bitter|tough|exhaust|easy|pleasant|fun|nice)",
    r"(?:good|glad) (?:that )?you (?:ask|tell|told|bring|brought|raise|say|said|mention)",
    r"thank(?:s| you) for (?:being|telling|raising|sharing|saying|asking|trusting|bringing)",
    r"if i were (?:you|in your)|in your (?:place|position|shoes)",
    r"sorry (?:to hear|you had|that you had)",
)
BUT = anywhere(r"\b(?:understand|hear|see|get|fair|sense|appreciate)\b.{0,40}\bbut\b")
NOT_UNDERSTOOD = anywhere(
    r"\b(?:don'?t|do not|can'?t|cannot|never|not)\b.{0,12}\b(?:understand|see|get|hear|fair|"
    r"make|valid|reasonable|right)\b",
)
#: "That must have been awful when your supplier ...": the word is for what it was like.
FEELS_FOR = words(r"must (?:have|be)|sounds?|imagine|sorry|for you")
REFLECT = anywhere(
    r"(?:^|[.,;:–—-]\s*)(?:so[, ]+|then |ok(?:ay)?[, ]+|right[, ]+){0,4}(?:(?:it|that) "
    r"(?:sounds?|seems?|looks?|feels?) (?:like|as if|as though|to me)?|sounds? like|seems "
    r"like|what i(?:'m| am)? hear(?:ing)?|i(?:'m| am) hearing|if i "
    r"(?:hear|understand|heard|understood) you|in other words|let me "
    r"(?:see if i|make sure i|check that i)|what (?:bothers|worries|troubles|annoys) you "
    r"(?:most )?is|you(?:'re| are) (?:worried|saying|concerned|afraid|telling|feeling|"
    r"looking|not (?:sure|convinced)|torn|bound|happy|the one)|"
    r"you (?:feel|want|need|fear|worry|mean|said|told|mentioned|would rather|don't want|"
    r"have been|'ve been)|for you,? (?:it|the|this)|so you\b|so your\b)",
)
_CLAUSE = rf"(?:{LEAD_IN}|[,;:–—-]\s*(?>(?:and|but|so|that|um|uh)\b,? *+){{0,4}}+)"
_HOW = (
    r"(?:(?:just|really|still|also|only|always|actually|sort of|kind of|kinda|pretty|quite|very|so|"
    r"too|fairly|now|not|never|almost|a little(?: bit)?|a bit|definitely|probably|clearly|already|"
    r"been|being|feeling|getting) ){0,4}"
)
#: What the other one feels, wants or thinks: it takes listening to say it for them.
ON_YOUR_MIND = anywhere(
    rf"{_CLAUSE}(?:(?:it|that|this|things) )?(?:just |really |kind of |almost |does(?:n't)? |do |"
    r"also )*(?:sounds?|seems?|looks?|feels?|felt) (?!free|good\b|great\b)",
    r"\b(?:it|that) (?:sounds?|seems?|looks?) (?:to me )?(?:too )?(?:like|as (?:if|though))",
    rf"{_CLAUSE}you(?:'re|'ve|'d| are| were| have| had| would| do| don't| didn't| aren't)? {_HOW}"
    r"(?:feel|felt|want\w*|wanna|wish|hop(?:e|ed|ing)|like|liked|love|enjoy|rather|prefer|worr\w+|"
    r"concerned|afraid|scared|anxious|nervous|sure|unsure|certain|thinking|think|thought|believe|"
    r"care|seem|find|found|struggl\w+|torn|comfortable|uncomfortable|hesitant|happy|unhappy|sad|"
    r"angry|upset|frustrated|tired|stuck|proud|motivated|ready|willing|trying|committed|interested|"
    r"aware|realiz\w+|realis\w+|notic\w+|missing|surprised|relaxed|confident|lonely|used to|"
    r"looking|at a loss|miss|mind|hate|fear|dread|value|accept|decided|tried|managed|"
    r"remember|know (?:how|that|it))\b",
    r"\b(?:important|matters?|hard|difficult|easy|right|enough|scary|risky|meaningful|new|strange|"
    r"nothing|helpful|interesting|big|stressful) (?:to|for) you\b",
    r"\bpart of you\b|\bon (?:the )?one hand\b",
    r"\b(?:from|in) your (?:perspective|words|mind|view|eyes)\b",
    r"\byour (?:thought|feeling|worry|fear|hope|concern)s? (?:is|was)\b",
)
#: One's own view or courtesy: "I think you ...", "thank you", "let's".
OWN_VIEW = anywhere(
    r"\b(?:i(?! (?:also )?(?:sense|hear|get the (?:feeling|sense|impression)))|i've|i'd|i'll|"
    r"me(?! too\b)|us)\b|\bi'm(?! hearing)|\bthank|\bwelcome\b|\blet's\b|\bplease\b"
)
PRAISE_OR_ADVICE = anywhere(
    r"\b(?:must|should|shall|ought|need to|have to|gonna|going to|recommend|suggest|great|"
    r"good (?:job|to|luck)|nice|pleasure|glad|excellent|up to you|your choice|see you)\b",
)
#: "So ..." about the buyer's side says back what was heard; about ours it is a pitch.
SO = anywhere(
    r"^\W*so\b[, ]+(?!(?:i|i'm|i'll|i'd|we|we'll|our|let|let's|shall|can|could|how|what|why|when|"
    r"who|where|which|do|does|did|is|are|am|would|tell|check|look|take|give|there|first|about|"
    r"before|after|anyway|please|thanks|far|much|many|next|the next|if|on a scale|just)\b)",
    r"^\W*so\b[, ]+(?:what you|who you)\b",
)
OURS = anywhere(r"\b(?:we|our|ours|us|i'll|my)\b|\bwe'")
GREET = anywhere(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening)|nice to meet|thanks|thank you|"
    r"bye|goodbye)\b",
)
