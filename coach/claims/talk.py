"""How people talk without claiming anything: greetings, feelings, promises, proposals."""

from __future__ import annotations

import re

from coach.claims.patterns import either, opening

#: What may stand before the statement itself: "Did you know that", "To be honest,".
FRAME = re.compile(
    r"^\W*(?:(?:"
    r"well|so|and|but|yes|no(?=[,:])|ok(?:ay)?|right|sure|look|listen|honestly|frankly"
    r"|actually|in fact"
    r"|to be (?:honest|fair|frank|clear|precise)|the truth is|(?:the )?fact is|of course|by the way"
    r"|as you (?:may|might|probably|surely)? ?know|fair enough|true|believe me|trust me"
    r"|for what it['’]?s worth|just so you know|keep in mind(?: that)?|remember(?: that)?"
    r"|(?:i|we) (?:can|do|must|have to|want to)? ?(?:admit|confirm|say|tell you|assure you"
    r"|promise you|add|know)(?: that)?"
    r"|let me (?:be (?:clear|honest|frank|straight)|tell you)(?: that)?"
    r"|i(?:['’]m| am) (?:sure|confident|certain|convinced|told)(?: that)?|please note(?: that)?"
    r"|i (?:think|believe|guess|heard|know|read)(?: that)?|did(?:n['’]t)? you know(?: that)?"
    r"|(?:are|were) you aware(?: that)?|would it surprise you(?: to (?:hear|learn))?(?: that)?"
    r"|what if i told you(?: that)?|have you heard(?: that)?|isn['’]t it (?:true|great)(?: that)?"
    r"|do you know(?: that)?|you (?:may|might|probably|surely)? ?(?:know|have heard)(?: that)?"
    r")\b[,:]?\s*)+",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"^\W*(?:(?:and|so|but)\s+)?(?:if|when|whenever|once|as soon as)\b[^,]{2,100},\s*(?:then\s+)?",
    re.IGNORECASE,
)
OPEN_CONDITION = opening(r"if\b")
UNREAL = either("would", "could", "might")
TOLD_AS_QUESTION = opening(
    r"(?:(?:and|so|but|well|by the way),? )*(?:did(?:n['’]t)? you know|would it surprise you"
    r"|(?:are|were|aren['’]t) you aware|what if i (?:told you|said)|have you heard"
    r"|did you (?:hear|see|reali[sz]e)|isn['’]t it (?:true|great)|don['’]t you (?:know|agree)"
    r"|do you know)\b"
)
TAG = re.compile(
    r",\s*(?:right|ok(?:ay)?|you know|yes|no|correct|is(?:n['’]t)? it|are(?:n['’]t)? (?:we|they)"
    r"|do(?:es)?(?:n['’]t)? (?:it|they|we)|did(?:n['’]t)? (?:it|they|we)"
    r"|ha(?:s|ve)(?:n['’]t)? (?:it|they|we))\s*\?+\W*$",
    re.IGNORECASE,
)

_LEAD_IN = (
    r"(?:(?:and|so|but|well|ok(?:ay)?|then|if you (?:like|want|agree|wish)|instead|perhaps|maybe"
    r"|also|of course|in the meantime|first|before that|meanwhile|next week|tomorrow|honestly"
    r"|by \w+)\b[,:]?\s*)*"
)
_COURTESY = (
    r"hi\b", r"hello\b", r"hey\b",
    r"good (?:morning|afternoon|evening|point|question)", r"thanks?\b",
    r"thank you", r"great (?:question|point|to)", r"fair (?:point|enough|question)", r"nice to",
    r"pleasure", r"bye\b", r"goodbye", r"no (?:problem|pressure|rush|hurry)", r"understood",
    r"whatever you", r"(?:absolutely|exactly|of course|sure|agreed)\W*$",
    r"take (?:the|your|all the) time",
)  # fmt: skip
_FEELING = (
    r"(?:i|we) (?:can |do |fully |completely |totally |really |would |might |also )*(?:understand"
    r"|see\b|get (?:it|that|why|your|where)|hear (?:you|that|what|your)|appreciate|respect|value"
    r"|love|like|hope|wish|want|need|care|feel|sympathi[sz]e|agree|admire|wonder|prefer|imagine"
    r"|look forward|assume|suppose"
    r"|(?:haven['’]?t got|don['’]?t have) (?:a|any|that|those) (?:number|figure|answer)s?"
    r"|have no (?:idea|doubt)|never met|wouldn['’]?t (?:want|dream|ask"
    r"|expect)|(?:don['’]?t|do not) (?:want|blame|expect|know|mean|think i|wish|intend|need)"
    r"|can(?:['’]?t|not) (?:promise|speak))",
    r"(?:i|we)(?:['’]m| am|['’]re| are| was| were) (?:really |so |very |truly |more than |just "
    r"|also |all )*(?:sorry|glad|happy|delighted|excited|pleased|grateful|curious|here to|not here"
    r"|not (?:trying|asking|sure)|afraid|keen|looking forward|listening|calling|reaching|trying"
    r"|hoping|wondering|asking|proud|thrilled|aware|with you|fine with)",
    r"(?:that|this|it) must\b",
    r"(?:that|this|it)(?:['’]s| is| was| sounds?| seems?| makes?| would| feels?)\b"
    r"(?! (?:why|because|how))[^,;]{0,40}?\b(?:fair|reasonable|valid|legitimate|understandable"
    r"|natural|good (?:point|question)|concern|question|sense|worr\w+|frustrat\w+|hard|difficult"
    r"|painful|stress\w*|tough|important|big decision|a lot|great|annoying|helpful|useful"
    r"|interesting|good to (?:hear|know)|your call|up to you|exactly)\b",
)
_PROMISE = (
    r"(?:i|we)(?:['’]ll| will| shall|['’]d| would|['’]m going to| am going to| can| could| might)"
    r" (?:also |then |gladly |happily |just |certainly |definitely |personally |of course "
    r"|always )*"
    r"(?:send|show|share|find out|check|ask|come back|get back|get you|call|ring|phone|email|mail"
    r"|write|arrange|set (?:up|it)|book|schedule|organi[sz]e|bring|introduce"
    r"|put (?:you|together|that|the|it)|look into|follow up|have (?:a|my|our|the)|love|like|suggest"
    r"|propose|recommend|be (?:happy|glad|honest|open|in touch)|talk|walk|start|begin|try|meet"
    r"|go through|help|explain|prepare|draft|forward|confirm|invite|offer you|do (?:that|this|it)"
    r"|leave|let you|rather|run|agree|review|make sure|give you|take you|need|want|hate|say|connect"
    r"|point you|stay in touch|discuss|sit down|plan|test|visit|figure|look at"
    r"|work (?:it|that|this) out)\b",
    r"let['’]?s\b", r"let us\b", r"let me\b", r"shall (?:we|i)\b", r"how about", r"happy to\b",
    r"why don['’]?t (?:we|you)", r"what if we\b", r"feel free", r"i (?:suggest|propose|recommend)",
    r"my (?:suggestion|proposal|idea|advice)", r"a (?:good )?next step",
    r"(?:one|another) (?:option|idea|way|possibility) (?:is|would be) to",
    r"(?:you|your team|your \w+) (?:could|can|may|might|should) (?:also |then |always |simply "
    r"|just |even )*(?:call|ring|talk|speak|ask|visit|read|check|try|test|look|meet|decide|choose"
    r"|think"
    r"|tell|see|judge|take|compare|bring|pick|start with|verify|download|listen|count)\b",
    r"(?:please |just |do )*(?:call|ring|ask|read|take|have|try|visit|look|check|think|imagine"
    r"|suppose|picture|consider|tell|give|please|say|compare|don['’]t|do not|come|speak|talk|bring"
    r"|pick|trust|believe|sleep|put)\b(?! (?:volumes?|cent|quality|recording|data|menus?|reports?"
    r"|summar|queue|is|was|can|are))(?=\s)",
)  # fmt: skip
_TALK_ABOUT_TALK = (
    r"suppose\b", r"imagine\b", r"assuming\b", r"as (?:i|we|you) (?:said|mentioned|discussed)",
    r"(?:i|we) (?:spoke|met|talked|discussed|mentioned|noticed|looked at|read|saw|heard|asked"
    r"|called|wanted|thought|worked for|have been thinking)",
    r"(?:last|this) (?:time|week) we (?:spoke|met)",
)  # fmt: skip
TALK = opening(rf"{_LEAD_IN}(?:{'|'.join((*_COURTESY, *_FEELING, *_PROMISE, *_TALK_ABOUT_TALK))})")

ABOUT_THE_BUYER = opening(
    r"(?:(?:so|and|but|then|ok(?:ay)?|it sounds (?:like|as if)|sounds like|it seems(?: like)?"
    r"|if i (?:heard|understood|understand) you(?: right(?:ly)?| correctly)?|for you"
    r"|what i hear is(?: that)?|in your (?:case|view|place|position))\b[,:]?\s*)*"
    r"(?:you\b|your\b|you['’](?:re|ve|d|ll))"
)
OUR_TERMS = opening(
    r"you (?:can|could|may|will|get|pay|won['’]t|only pay|keep|don['’]t pay|take|leave|own"
    r"|decide|need|have to|must|go on|don['’]t|never|always|still|receive|choose|set|change)\b",
    r"you (?:pick|see|sign|reach|lose|buy|stop|start|hear|tell)\b"
    r"(?! (?:me|us|that|what|why|how)\b)",
    r"you['’](?:ll|d)\b",
    r"your (?:\w+ ){1,2}?(?:stays?|keeps?|sees?|never|always|do(?:es)?n['’]t|won['’]t|goes?"
    r"|gets?|moves?|drops?|leaves?|costs?|ring|work|works|(?:is|are) (?:kept|stored|never|safe))\b",
)
#: Verbs that can only be in the past, or with "has".
PAST = (
    r"(?:won|lost|went|came|left|chose|cut|fell|grew|rose|kept|got|gave|made|took|saw|ran|paid|sold"
    r"|told|shrank|sank|held|sent|met|bought|began|felt|knew|spent|brought|built|led|stood|threw"
    r"|wrote|rang|broke|spoke|drove|taught|had|did|[a-z]{2,}[^e\W]ed)\b"
)
VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|will|can|cannot|won|lost|went|came|left|chose"
    r"|cut|cuts|fell|grew|rose|kept|got|gave|made|took|saw|put|sees|lets|gets|ran|paid|sold|told"
    r"|shrank|sank|held|sent|met|bought|began|chose|felt|knew|spent|brought|built|led|stood|threw"
    r"|wrote|rang|broke|spoke|drove|taught"
    r"|[a-z]{2,}ed|[a-z]{3,}s|[a-z]+n['’]t)\b|['’](?:s|re|ve)\b|\bwe (?:\w+ly )?[a-z]{3,}"
    r"|\b(?:customers|clients|people|users|they|both|all) (?:\w+ly )?[a-z]{3,}"
    r"|\bour (?:\w+ ){1,2}?(?:start|stop|run|need|get|make|take|use|work|come|go|stay|answer|cost"
    r"|cover|offer|handle|support|know|speak|sit|stand|keep|drop|fail|hold)\b",
    re.IGNORECASE,
)
#: What the speaker would or will do.
OFFER = opening(
    rf"{_LEAD_IN}(?:i(?:['’]ll|['’]d| will| would| shall| could| might| can)"
    r"|we(?:['’]d| would| could| might)|(?:they|you|your \w+) could) \w+",
    r"(?:please |just )*(?:choose|keep|let|make|start|stop|leave|pick|use|wait|send|put|show) "
    r"(?:a|an|the|your|their|our|ours|it|one|two|some|me|us|them|any)\b",
    r"here['’]?s\b", r"here (?:is|are)\b", r"hearing\b",
    r"we (?:write|agree|go|look|sit|count|pick|choose|measure|test|try|put)\b",
)  # fmt: skip
ASKING = opening(
    r"(?:(?:and|so|but|then|well|ok(?:ay)?),? )*(?:how|what|why|who|where|when|which|is|are|do|does"
    r"|did|can|could|would|will|have|has|should|shall|may)\b"
)
#: Marks of what is planned or supposed, or of a subject that is named elsewhere.
SOFT = re.compile(
    r"\b(?:would|could|might|may|should|(?<!we )can|need(?:n['’]t)?)\b|(?<!we)['’]ll\b|['’]d\b"
    r"|^\W*(?:it|that|this|they|there|here|nobody|nothing|something|everybody|his|her)\b",
    re.IGNORECASE,
)
ADDRESSED = either("i", "me", "my", "you", "your", r"you['’]\w+", r"i['’]\w+")
OURS = either("we", "us", "our", "ours")
