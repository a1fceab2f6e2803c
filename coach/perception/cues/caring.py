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
    r"you have every (?:right|reason)|no wonder",
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
    r"(?:^|[.,;:–—-]\s*)(?:so[, ]+|then |ok(?:ay)?[, ]+|right[, ]+)*(?:(?:it|that) "
    r"(?:sounds?|seems?|looks?|feels?) (?:like|as if|as though|to me)?|sounds? like|seems "
    r"like|what i(?:'m| am)? hear(?:ing)?|i(?:'m| am) hearing|if i "
    r"(?:hear|understand|heard|understood) you|in other words|let me "
    r"(?:see if i|make sure i|check that i)|what (?:bothers|worries|troubles|annoys) you "
    r"(?:most )?is|you(?:'re| are) (?:worried|saying|concerned|afraid|telling|feeling|"
    r"looking|not (?:sure|convinced)|torn|bound|happy|the one)|"
    r"you (?:feel|want|need|fear|worry|mean|said|told|mentioned|would rather|don't want|"
    r"have been|'ve been)|for you,? (?:it|the|this)|so you\b|so your\b)",
)
_HOW = (
    r"(?:(?:just|really|still|also|only|always|actually|sort of|kind of|kinda|pretty|quite|very|so|"
    r"now|not|never|almost|a little(?: bit)?|a bit|definitely|probably|clearly|already|been|being|"
    r"feeling|getting) )*"
)
#: What the other one feels, wants or thinks, in a statement that begins with them or with it.
ON_YOUR_MIND = anywhere(
    rf"{LEAD_IN}(?:(?:it|that|this|things) )?(?:just |really |kind of |almost |does(?:n't)? |do )*"
    r"(?:sounds?|seems?|feels?|felt) (?!free)",
    r"\b(?:it|that) (?:sounds?|seems?) (?:to me )?(?:like|as (?:if|though))",
    rf"{LEAD_IN}you(?:'re|'ve|'d| are| were| have| had| would| do| don't| didn't| aren't)? {_HOW}"
    r"(?:feel|felt|want\w*|wish|hop(?:e|ed|ing)|like|liked|love|enjoy|rather|prefer|worr\w+|"
    r"concerned|afraid|scared|anxious|nervous|sure|unsure|certain|thinking|believe|care|seem|find|"
    r"found|struggl\w+|torn|comfortable|uncomfortable|hesitant|happy|unhappy|sad|angry|upset|"
    r"frustrated|tired|stuck|proud|motivated|ready|willing|trying|committed|interested|aware|"
    r"notic\w+|missing|surprised|relaxed|confident|lonely|used to|looking|at a loss|miss|mind|hate|"
    r"fear|dread|value|accept)\b",
    r"\b(?:important|matters?|hard|difficult|easy|right|enough|scary|risky|meaningful|new|strange|"
    r"nothing|helpful) (?:to|for) you\b",
    r"\bpart of you\b|\bon (?:the )?one hand\b",
)
#: A statement about the other one that is neither advice nor an offer.
ABOUT_YOU = anywhere(
    rf"{LEAD_IN}(?:you|your \w+|you(?:'re|'ve|'d))\b"
    r"(?! (?:can|could|should|may|might|will|must|need to|have to|ought|get|know|see|said|told)\b)",
)
#: One's own view: "I think you ...", "I can imagine", "thank you".
OWN_VIEW = anywhere(r"\b(?:i|i'm|i've|i'd|me)\b|\bthank|\bwelcome\b|\blet's\b|\bplease\b")
#: "So ..." about the buyer's side says back what was heard; about ours it is a pitch.
SO = anywhere(
    r"^\W*so\b[, ]+(?!(?:i|we|our|let|shall|can|could|how|what|why|when|who|where|which|do|"
    r"does|did|is|are|would)\b)",
    r"^\W*so\b[, ]+(?:what you|who you)\b",
)
OURS = anywhere(r"\b(?:we|our|ours|us|i'll|my)\b|\bwe'")
GREET = anywhere(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening)|nice to meet|thanks|thank you|"
    r"bye|goodbye)\b",
)
