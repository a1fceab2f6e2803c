"""Taking a worry up, saying it back, and taking that back in the same breath."""

from __future__ import annotations

from coach.perception.cues.phrases import anywhere, starts, words

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
