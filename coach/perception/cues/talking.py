"""Talk about the talk, and questions about the person one talks to."""

from __future__ import annotations

from coach.perception.cues.phrases import LEAD_IN, anywhere

_END = r"[\s.!?…)]*$"

# --- about the person ---

NAME = anywhere(
    r"\b(?:what(?:'s| is|s) your (?:full |last |first )?name|how do (?:i|you) (?:say|"
    r"pronounce) your name)\b"
)
ROLE = anywhere(
    r"\bwhat(?:'s| is|s) your (?:exact |current )?(?:role|job|function|title|position)\b",
    r"\bwho(?:m)? (?:am i|do i have the pleasure of) (?:talking|speaking|chatting|writing)\b",
    r"\bwho (?:are you|is this)\b(?! (?:talking|looking|working|using|with|buying|going|"
    r"comparing))",
    r"\bwhat do you do (?:at|there|here|for|in the)\b|\bwhat do you do\W*$",
    r"\bwhat (?:are you|is it you're) (?:responsible|in charge) (?:for|of)\b",
    r"\btell me (?:a (?:bit|little) )?(?:more )?about (?:you|yourself|your role|your job)" + _END,
)
SECTOR = anywhere(
    r"\bwh(?:at|ich) (?:sector|industry|trade|line of business|kind of business) "
    r"(?:are you|do you work|is your|would you say you)\b",
    r"\bwhat (?:does|do) your (?:company|organisation|organization|firm|business) do\b",
)
REGION = anywhere(
    r"\bwhere are you (?:based|located|calling from)\b",
    r"\bwhere(?:'s| is) your (?:company|organisation|office|head office|headquarters)\b",
    r"\bwh(?:at|ich) (?:region|country|countries) (?:are|do) you\b",
)
SIZE = anywhere(
    r"\bhow (?:big|large) (?:is|are) (?:you\b|your (?:company|organisation|organization|firm|"
    r"business))",
    r"\bhow many (?:people|employees|staff)\b.{0,20}\b(?:you have|you employ|work (?:for|at|"
    r"there|with you))",
)

# --- about the talk ---

HEARS_ME = anywhere(
    r"\b(?:can|do|did) you (?:hear|read|see) me\b|\bare you (?:still )?(?:there|with me)\b",
    r"\bam i (?:audible|coming through)\b|^\W*(?:hello|anybody there|anyone there)\s*\?+\W*$",
)
HOW_ARE_YOU = anywhere(
    r"\bhow (?:are|is|have) (?:you|things|life|it going|your (?:day|week|morning|afternoon))\b"
    r"(?: (?:doing|going|been|today|so far|this \w+|all))*" + _END,
    r"\bhow(?:'s| is) (?:it going|life|your (?:day|week|morning|afternoon)(?: going| been)?)\b",
    r"\b(?:i )?hope (?:you(?:'re| are)|all is|everything is) (?:well|fine|good)\b",
)
INTRODUCES = anywhere(
    r"\bmy name(?:'s| is)\b",
    r"\b(?:this is|i'm|i am) (?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+)? (?:from|of|with|at|here)\b",
    r"\bi(?:'m| am) (?:calling|writing|getting in touch|here) (?:from|about|because|to|on)\b",
    r"\bthanks? (?:you )?(?:so much |very much )?for (?:taking|making|giving) (?:me |us "
    r")?(?:the |your |some |this )?time\b",
)
GREETS = anywhere(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|day))(?: again| there)?"
    r"(?:,? (?:mr|mrs|ms|dr)\.?)?(?:,? (?-i:[A-Z])[\w-]+){0,2}[\s.!,]*$"
)
BEGINS = anywhere(
    r"\b(?:where|how) (?:shall|should|do|would you like (?:me |us )?to|can) (?:we |i )?"
    r"(?:start|begin)\b",
    r"\b(?:how (?:can|may) i help|what can (?:i|we) do for) you\b",
)
MAY_I = anywhere(
    r"\b(?:can|could|may|might) i (?:just )?(?:ask|show|tell)(?: you)? (?:you )?"
    r"(?:something|a (?:few |couple of |quick )?(?:\w+ )?questions?|some questions|our \w+|"
    r"about (?:it|that|us)|more about us)" + _END,
    r"\b(?:would|do) you mind if i (?:ask|show|tell)(?:ed)?\b|"
    r"\bis it (?:ok(?:ay)?|all right|alright) if i (?:ask|show|tell)\b",
)
MORE = anywhere(
    LEAD_IN + r"(?:please )?(?:tell me more|go on|say more|please continue|carry on|continue|"
    r"i'm (?:listening|all ears))(?: about (?:it|that|this))?(?:,? please)?" + _END,
    LEAD_IN + r"(?:and|and then)\s*\?+\W*$",
)
AGAIN = anywhere(
    r"\b(?:repeat|rephrase) (?:that|it|the question|your question|yourself)\b",
    r"\bsay (?:that|it) (?:again|once more)\b|^\W*(?:pardon|what|sorry|come again|excuse "
    r"me)\s*\?+\W*$",
    r"\bwhat (?:was|is) (?:the|your) question(?: again)?" + _END,
    r"\b(?:i )?(?:didn't|did not) (?:catch|get|hear) (?:that|it|you)\b",
)
CLARIFY = anywhere(
    r"\bwhat (?:do|did) you mean\b|\bwhat(?:'s| is) (?:that|this) supposed to mean\b|"
    r"\bmeaning\s*\?",
    r"\b(?:can|could|would) you (?:please |maybe )?(?:explain|clarify)(?: (?:that|it|this|"
    r"what you mean))?"
    r"(?: (?:a (?:bit|little)|to me|in more detail|more|further|by that|with that|please))*" + _END,
    r"\b(?:be|a (?:bit|little)) more (?:specific|precise|concrete)\b",
    r"\b(?:i )?(?:don't|do not|didn't) (?:quite |really |fully )?(?:understand|follow)(?: "
    r"(?:that|you|your question|what you mean|the question))?" + _END,
    LEAD_IN
    + r"(?:like what|such as(?: what)?|in what (?:way|sense|respect)|how so|how come|why(?: "
    r"is that| so| not)?)\s*\?*\W*$",
)
THINKS = anywhere(
    r"\blet me (?:just )?(?:think|see|consider)(?: (?:about|over|on))?(?: (?:it|that|"
    r"this))?(?: for)?(?: (?:a|one) (?:moment|second|minute|bit))?" + _END,
    r"\b(?:give me|i need|just|one|hang on|wait|hold on)\b.{0,8}\b(?:a |one )?(?:moment|"
    r"second|sec|minute|min)(?: (?:to think|please))?" + _END,
    r"\bi(?:'ll| will| need to| have to|'d like to) think (?:about (?:it|that)|it over)" + _END,
)
LATER = anywhere(
    r"\b(?:have|got|there's) (?:another|a) (?:call|meeting) (?:coming|waiting|starting|now)\b",
    r"\b(?:can|could|shall|may|might|let's|should) (?:we|i|you) (?:please )?(?:speak|talk|"
    r"continue|call|ring|chat|pick (?:this|it) up)"
    r"(?: (?:to|with))?(?: you)?(?: (?:back|again|on|this))* ?(?:later|again|another time|"
    r"tomorrow|next (?:week|month|time)|on \w+day|in (?:the|an?|a few) \w+)",
    r"\blet's (?:speak|talk|continue|chat|pick (?:this|it) up)(?: this)? (?:again|later|"
    r"tomorrow|another time|next|on \w+day)",
    r"\b(?:is|would) (?:there|another|a) (?:be )?(?:a )?(?:better|later) time\b|\bbad time\b",
    r"\b(?:speak|talk) (?:to you )?later\b",
    r"\bi(?:'ll| will) (?:call|ring) (?:you )?(?:back )?(?:later|tomorrow|again|another time|"
    r"next week)\b",
)
GOODBYE = anywhere(
    r"^\W*(?:(?:ok(?:ay)?|well|right|so|thanks?(?: you)?|then)\b[\s,.!]*)*(?:bye(?:[- ]bye)?|"
    r"goodbye|good bye|see you(?: (?:soon|later|then))?|farewell|"
    r"have a (?:nice|good|great) (?:day|week|weekend|evening|one)|take care|cheers)\b",
    r"\bi(?:'ve got| have|'ve| got| need)(?: got)? to (?:go|leave|run|hang up)(?: now)?\b",
    r"\b(?:say|saying) goodbye\b",
)
THANKS = anywhere(
    r"^\W*(?:(?:ok(?:ay)?|great|good|perfect|fine|wonderful)[\s,.!]+)?(?:thanks|thank you|"
    r"many thanks|cheers|much appreciated)(?: "
    r"(?:so|very) much| a lot| again| for (?:that|this|it|the (?:answer|information|info)|"
    r"telling me|your (?:answer|patience|time)))*" + _END
)
FINDS_OUT = anywhere(
    r"\b(?:i|we)(?:'ll| will| can| could|'d have to| would have to| need to| have to|'m going "
    r"to| must) (?:\w+ ){0,2}?(?:find (?:that |it |this )?out|check|look (?:it|that|this) up|"
    r"look into|ask|get back|come back|verify)\b",
    r"\blet me (?:find (?:that |it )?out|check|ask|look (?:it|that) up|look into|verify|get "
    r"back)\b",
)
KNOWS_NOT = anywhere(
    r"\b(?:i|we) (?:don't|do not) have (?:that|the|this|those|any)(?: exact)? "
    r"(?:numbers?|figures?|answers?|information|details)\b",
    r"\b(?:i|we) (?:really |honestly |simply |just )?(?:don't|do not|wouldn't) know\b|\b(?:i "
    r"have |i've )?no idea\b",
    r"\b(?:i'm|i am) not (?:sure|certain)\b|\bi (?:can't|cannot|couldn't) (?:say|tell you|"
    r"answer that)\b|^\W*(?:dunno|idk)\W*$",
)
YES = anywhere(
    r"^\W*(?:yes|yeah|yep|yup|sure|of course|certainly|absolutely|definitely|i (?:do|am|have|"
    r"can|will)|it (?:is|does)|we (?:do|can|have|are))(?:[\s,]+(?:yes|of course|please|sure|i "
    r"(?:do|am|can)|we (?:do|can|have)|it (?:is|does)))*" + _END
)
NO = anywhere(
    r"^\W*(?:no|nope|nah|not (?:really|yet|at all)|never|i (?:don't|can't|won't)|we (?:don't|"
    r"can't|haven't))(?:[\s,]+(?:sorry|not (?:really|yet)|i (?:don't|can't)|we (?:don't|can't)))*"
    + _END
)
NODS = anywhere(
    r"^\W*(?:(?:ok(?:ay)?|i see|right|all right|alright|got it|understood|mm+[- ]?hm+|mhm+|"
    r"mm+|hm+|ah+|oh|aha|uh[- ]?huh|fine|good|great|noted|sure|perfect|cool|interesting|fair "
    r"enough|makes sense)\b[\s,.!]*)+$"
)
#: Nothing but dots: somebody who says nothing.
SILENT = anywhere(r"^[\s.…·\-–—]*$")
