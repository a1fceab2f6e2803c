"""Words and phrases that give a move away: the rule half of perception (the other is meaning)."""

from __future__ import annotations

import re

I = re.IGNORECASE  # noqa: E741  # read in the patterns below

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")

#: Small words that hold an English sentence together; key-word lists lack them.
GLUE = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "so",
        "if",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "from",
        "as",
        "that",
        "this",
        "these",
        "those",
        "it",
        "its",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "am",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "will",
        "would",
        "can",
        "could",
        "should",
        "may",
        "might",
        "must",
        "not",
        "no",
        "n't",
        "i",
        "you",
        "he",
        "she",
        "we",
        "they",
        "me",
        "him",
        "her",
        "us",
        "them",
        "my",
        "your",
        "his",
        "our",
        "their",
        "what",
        "which",
        "who",
        "how",
        "why",
        "when",
        "where",
        "there",
        "here",
        "than",
        "then",
        "too",
        "very",
        "just",
        "about",
        "into",
        "over",
        "after",
        "before",
        "up",
        "out",
        "because",
        "while",
        "also",
        "per",
        "each",
        "every",
        "all",
        "any",
        "some",
        "only",
        "both",
        "through",
        "within",
        "without",
        "during",
        "between",
        "until",
        "since",
        "more",
        "such",
        "well",
        "i'm",
        "i'll",
        "i'd",
        "i've",
        "you're",
        "you'd",
        "you'll",
        "you've",
        "we're",
        "we'll",
        "we've",
        "we'd",
        "it's",
        "that's",
        "don't",
        "isn't",
        "doesn't",
        "didn't",
        "can't",
        "won't",
        "let's",
        "what's",
        "there's",
        "they're",
        "wouldn't",
        "couldn't",
        "haven't",
    ]
)

_FOREIGN = {
    "German": [
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "ich",
        "wir",
        "sie",
        "ein",
        "eine",
        "mit",
        "für",
        "auf",
        "dass",
        "aber",
        "haben",
        "wird",
        "sind",
        "auch",
        "kann",
        "wie",
        "zu",
        "den",
    ],
    "French": [
        "le",
        "la",
        "les",
        "et",
        "est",
        "ne",
        "pas",
        "je",
        "nous",
        "vous",
        "un",
        "une",
        "avec",
        "pour",
        "que",
        "mais",
        "des",
        "dans",
        "sur",
        "sont",
        "qui",
        "votre",
        "du",
        "ce",
    ],
    "Spanish": [
        "el",
        "la",
        "los",
        "y",
        "es",
        "no",
        "yo",
        "nosotros",
        "usted",
        "un",
        "una",
        "con",
        "para",
        "que",
        "pero",
        "en",
        "por",
        "son",
        "su",
        "del",
        "se",
        "lo",
        "como",
    ],
    "Dutch": [
        "de",
        "het",
        "een",
        "en",
        "is",
        "niet",
        "ik",
        "wij",
        "jullie",
        "u",
        "met",
        "voor",
        "dat",
        "maar",
        "hebben",
        "zijn",
        "ook",
        "van",
        "op",
        "te",
        "wat",
        "hoe",
    ],
    "Portuguese": [
        "o",
        "a",
        "os",
        "e",
        "é",
        "não",
        "eu",
        "nós",
        "você",
        "um",
        "uma",
        "com",
        "para",
        "que",
        "mas",
        "em",
        "por",
        "são",
        "seu",
        "do",
        "da",
        "os",
        "como",
    ],
    "Italian": [
        "il",
        "lo",
        "la",
        "e",
        "è",
        "non",
        "io",
        "noi",
        "voi",
        "un",
        "una",
        "con",
        "per",
        "che",
        "ma",
        "in",
        "di",
        "sono",
        "del",
        "gli",
        "come",
        "questo",
    ],
    "Swedish": [
        "och",
        "är",
        "inte",
        "jag",
        "vi",
        "du",
        "ni",
        "en",
        "ett",
        "med",
        "för",
        "att",
        "men",
        "har",
        "som",
        "på",
        "det",
        "den",
        "av",
        "till",
        "kan",
    ],
    "Polish": [
        "i",
        "jest",
        "nie",
        "ja",
        "my",
        "wy",
        "z",
        "dla",
        "że",
        "ale",
        "są",
        "na",
        "w",
        "do",
        "się",
        "to",
        "jak",
        "czy",
        "co",
    ],
}

PROMPT_LIKE = re.compile(
    r"(ignore|disregard|forget)\b.{0,30}\b(instruction|prompt|rule|above|previous|prior|everything)"
    r"|\b(system|developer)\s*(prompt|message)|<\|?\s*(im_start|im_end|system|endoftext)|\[/?INST\]"
    r"|\byou are (now )?(an? )?(chat\s?gpt|gpt|ai|assistant|language model|llm|bot|dan)\b"
    r"|\b(print|reveal|show|output|repeat|list)\b.{0,30}\b(rubric|prompt|instructions|hidden (concern|card|state)|canary)"
    r"|\bas an ai\b|\b(end|stop|leave|break) (the )?(role[- ]?play|simulation|character)"
    r"|\bset (your )?(trust|patience|value) to\b|\b(jailbreak|developer mode)\b"
    r"|\bmark (this|the) session\b|\brespond (only )?(in|with) (json|xml)\b",
    I | re.DOTALL,
)

OPEN_QUESTION = re.compile(
    r"^\W*(?:(?:and|so|but|ok(?:ay)?|well|right|then|may i ask|can i ask|could i ask|just curious|out of interest|first|before (?:i|we)[^,?]*|if i may)\b[,:\s]*)*"
    r"(?:(?:what|how|why|which|who|whom|where|when)(?:['’]s|['’]d|['’]re)?\b"
    r"|in what\b|to what\b|at what\b|on what\b|for whom\b|with whom\b"
    r"|(?:(?:can|could|would|will) you )?(?:please )?(?:tell me|walk me|talk me|help me (?:to )?understand|describe|explain|share|say (?:a bit )?more|take me through|give me (?:a|an) (?:idea|sense|example))\b"
    r"|i(?:['’]d| would) (?:like|love) to (?:hear|understand|know|learn)\b)",
    I,
)
INNER_OPEN = re.compile(
    r"[,;:–—-]\s*(?:and |but |so )?(what|how|why|which|who|where|when)\b[^?]*\?\s*$", I
)
LEADING_WH = re.compile(
    r"\b(how about|what about if|what if (?:i|we)|why don['’]?t (?:we|you|i)|why not (?:just|simply|sign|try)|how (?:many|much|long|often|soon|old|big|far)|what time|who would(?:n['’]t)? (?:not|want|say no)|what more do you|what are you waiting|what do (?:i|we) have to do|what (?:does|will|would) it take (?:to|for you to) (?:sign|close|buy|get))\b",
    I,
)
COUNTING = re.compile(r"\bhow (many|much|long|often|soon|old|big|far)\b|\bwhat time\b", I)
CLOSED_QUESTION = re.compile(
    r"^\W*(?:(?:and|so|but|ok(?:ay)?|well|then)\b[,\s]*)*(?:is|are|was|were|do|does|did|have|has|had|can|could|would|will|should|shall|may|might|isn['’]t|aren['’]t|don['’]t|doesn['’]t|didn['’]t|won['’]t|wouldn['’]t|haven['’]t)\b.*\b(?:you|your|it|that|this|there|we|they|i)\b",
    I,
)

ACKNOWLEDGE = re.compile(
    r"\b(i (?:can |do |fully |completely |really )?(?:understand|see|get|hear|appreciate|respect)\b|i (?:can )?imagine"
    r"|(?:that(?:['’]s| is)|it(?:['’]s| is)|this is) (?:a |an |entirely |completely |perfectly |very |only )*(?:fair|reasonable|sensible|valid|legitimate|understandable|natural|good point|fair point|good question|fair question|right to)"
    r"|(?:fair|good) (?:point|enough|question)|the right (?:thing|question) to ask"
    r"|put your finger on (?:it|something)|makes (?:perfect |complete |a lot of |good )?sense"
    r"|you(?:['’]re| are) (?:quite |absolutely )?right\b(?! (?:about (?:them|their)|person|choice|fit))|you have every (?:right|reason)|no wonder"
    r"|(?:that|it) (?:sounds?|would)(?: have)? (?:be|been|feel|felt)?\s*(?:frustrat|hard|difficult|worr|painful|stress|like a)"
    r"|(?:must|can['’]t|cannot) (?:have been|have felt|be|feel) (?:\w+ )?(?:frustrat|hard|difficult|worr|painful|stress|awful|horrible|embarrass|bitter|tough|exhaust|easy|pleasant|fun|nice)"
    r"|(?:good|glad) (?:that )?you (?:ask|tell|told|bring|brought|raise|say|said|mention)"
    r"|thank(?:s| you) for (?:being|telling|raising|sharing|saying|asking|trusting|bringing)|if i were (?:you|in your)|in your (?:place|position|shoes)"
    r"|sorry (?:to hear|you had|that you had))",
    I,
)
REFLECT = re.compile(
    r"(?:^|[.,;:–—-]\s*)(?:so[, ]+|then |ok(?:ay)?[, ]+|right[, ]+)*(?:(?:it|that) (?:sounds?|seems?|looks?|feels?) (?:like|as if|as though|to me)?"
    r"|sounds? like|seems like|what i(?:['’]m| am)? hear(?:ing)?|i(?:['’]m| am) hearing|if i (?:hear|understand|heard|understood) you|in other words|let me (?:see if i|make sure i|check that i)"
    r"|what (?:bothers|worries|troubles|annoys) you (?:most )?is|you(?:['’]re| are) (?:worried|saying|concerned|afraid|telling|feeling|looking|not (?:sure|convinced)|torn|bound|happy|the one)"
    r"|you (?:feel|want|need|fear|worry|mean|said|told|mentioned|would rather|don['’]t want|have been|['’]ve been)|for you,? (?:it|the|this)|so you\b|so your\b)",
    I,
)
#: "So ..." about the buyer's side says back what was heard; about ours it is a pitch.
SO = re.compile(
    r"^\W*so\b[, ]+(?!(?:i|we|our|let|shall|can|could|how|what|why|when|who|where|which|do|does|did|is|are|would)\b)"
    r"|^\W*so\b[, ]+(?:what you|who you)\b",
    I,
)
OURS = re.compile(r"\b(?:we|our|ours|us|i['’]ll|my)\b|\bwe['’]", I)
APOLOGISE = re.compile(
    r"\b(?:i(?:['’]m| am)|we(?:['’]re| are)) (?:really |very |so |truly |deeply )?sorry\b|\b(?:my|our) apolog|\b(?:i|we) apologi[sz]e",
    I,
)
SORRY_TO_HEAR = re.compile(
    r"sorry (?:to hear|you\b|that you|(?:about|for) (?:you|what you)|(?:that )?(?:it|this|that|they|he|she) happened to you|if i|for (?:the )?(?:delay|interrupt|late))",
    I,
)
BY_WHEN = re.compile(
    r"\b(?:by|before|on|until|no later than|this|next|within|in|end of|end of the|tomorrow)\b.{0,24}\b(?:monday|tuesday|wednesday|thursday|friday|week|month|noon|tomorrow|tonight|evening|today|hours?|days?|january|february|march|april|may|june|july|august|september|october|november|december|\d{1,2}(?:st|nd|rd|th)?)\b|\btomorrow\b|\bfirst thing\b",
    I,
)
PROMISE = re.compile(
    r"\b(?:i|we)(?:['’]ll| will| can| am going to|['’]m going to|['’]d like to|['’]d rather)\s+(?:\w+\s+){0,3}?(?:find out|check|ask|come back|get back|get you|get (?:a|the|an)|send|write|confirm|look into|clarif|have (?:it|a|an|our|the)|bring|verify|investigate)\b|\blet me (?:find out|check|ask|look into|verify|get)"
    r"|\b(?:our|the|my) (?:\w+ ){1,4}?will (?:answer|write|send|call|confirm|reply|get back|come back|ring|tell)\b",
    I,
)
NOT_KNOWN = re.compile(
    r"\b(?:don['’]t|do not|can['’]t|cannot|could not|couldn['’]t) (?:yet )?(?:know|say|confirm|tell you|rule|deny (?:or|nor))|\bnot (?:sure|certain)\b|\bneither confirm\b|\bwithout knowing",
    I,
)
DENIAL = re.compile(
    r"(?:\b(?:not|never|nothing|no)|n['’]t) (?:\w+ ){0,3}?(?:true|happen(?:ed)?|so(?=\W*$|[.,;])|real|correct|the case|accurate|truth)\b|\b(?:just|only|simply|mere|nothing but) (?:a |an )?(?:rumou?rs?|gossip|lie|lies|myth|story|stories|talk|fake)|\b(?:false|untrue|fake|made[- ]up|invented|nonsense|fabricat\w+|exaggerat\w+|overblown)\b|\bno (?:such )?(?:outage|incident|truth|problem|failure|plan|plans)\b|\bnever had\b|\bnever (?:been|gone|went) (?:down|offline|out|dead)\b|\bno such thing\b|\bnothing (?:like that|of the (?:sort|kind))\b|\bfairy ?tales?\b|\bspreading (?:lies|rumou?rs?)\b|\bmade (?:it|that|this|all that) up\b|\brule (?:it|that) out\b",
    I,
)
#: "I won't deny it": owns, however it is negated.
NO_DENIAL = re.compile(
    r"(?:\bnot going to|\bcannot|\bno point in|\b(?:do|will|would) not|n['’]t) (?:\w+ ){0,2}?(?:deny|denying|dispute|pretend|argue with|hide|dress)\b",
    I,
)
#: "There was no outage since then" denies nothing.
SINCE = re.compile(
    r"\bsince (?:then|that|the|march|september|2024|2025)\b|\bagain\b|\bany ?more\b|\bafter that\b|\bfrom then\b",
    I,
)
#: An offer or a condition asserts nothing.
MODAL = re.compile(
    r"\b(?:would|could|can|may|might|will|if|whether|until|unless)\b|['’](?:d|ll)\b", I
)
OWN = re.compile(
    r"^\W*yes\b\W*(?:$|(?:that|it|this)\b|we (?:did|were|had|are)\b|unfortunately|sadly|true|i['’]m afraid|you (?:heard|hear)\b)"
    r"|\b(?:it(?:['’]s| is) true|that(?:['’]s| is| was) (?:true|right|correct|accurate)|you(?:['’]re| are) right(?! (?:to|that you|not to)\b)|it (?:did )?happen(?:ed)?|what you(?:['’]ve)? heard (?:did )?happen(?:ed)?|(?:heard|hear) (?:right|correctly)|what you heard is (?:true|right|correct)|the (?:story|rumou?r) is true)\b|\b(?:our|my) (?:fault|mistake|failure|responsibility)\b|\bwe (?:got (?:it|that) wrong|failed|let \w+ (?:\w+ )?down|caused|were (?:down|offline|to blame)|did (?:go down|fail|have))\b",
    I,
)
SAYS_YES = re.compile(
    r"^\W*(?:yes|what you heard|it(?:['’]s| is) true|that(?:['’]s| is) (?:true|right|correct)|you(?:['’]re| are) right|true)\b(?! to\b)",
    I,
)
DISPARAGE = re.compile(
    r"\b(rubbish|garbage|crap|trash|terrible|horrible|awful|joke|dinosaurs?|useless|pathetic|scam|crooks?|liars?|lying to you|rip(?:ped|ping)?[- ]?(?:you )?off|incompetent|laughable|clueless|idiots?|stupid|worthless|outdated junk|hopeless|disgrace|shady|mess)\b",
    I,
)
PUSH = re.compile(
    r"\b(?:only (?:today|until|this week)|last chance|offer (?:ends|expires|is only)|expires? (?:today|tonight|soon|on|this)|(?<!how do you )(?:sign|decide|buy|commit|close|order) (?:now|today|right now|this week|immediately)(?! (?:what|which|who|how|where|whether|on)\b)|before it(?:['’]s| is) too late|you(?:['’]ll| will) (?:regret|miss)|(?:need|want|have to have) (?:an|your) (?:answer|decision|signature) (?:now|today|right)|left behind|don['’]t miss|limited (?:offer|time|places|slots)|(?:two|three|few|\d+) (?:places|slots|licences|spots) left|just sign|only (?:need|have) to sign|act (?:now|fast)|(?:need|want) your (?:signature|yes)|(?:conditions|offer|price|discount) (?:expires?|ends|runs out|goes up)|(?:already|just) blocked the)\b",
    I,
)
DISCOUNT = re.compile(
    r"\b(?:\d+ ?%|\w+ per ?cent) (?:off|discount|cheaper)|\bpay \d+ ?% less|\bdiscount\b|\bspecial price\b|\blower (?:the|our|your) price|\bmonths? (?:for )?free\b|\bfree months?\b|\bbeat (?:any|their|the) (?:price|offer)|\bcheaper (?:deal|price)|\bprice cut\b|\bknock .{0,20} off\b",
    I,
)
FLATTER = re.compile(
    r"\byou(?:['’]re| are) (?:so |very |clearly |obviously |truly )?(?:one of the )?(?:smart|brilliant|amazing|impressive|a genius|a visionary|wonderful|incredible|fantastic|gifted)|\b(?:i admire|so impressed by) you",
    I,
)
DISMISS = re.compile(
    r"\b(?:don['’]t|do not|no need to|nothing to) worry\b|\bnot (?:a (?:big |real )?(?:deal|problem|issue|concern)|important|relevant)\b|\bno (?:big deal|problem at all|issue)\b|\btrust me\b|\boverthinking\b|^\W*whatever\b|\birrelevant\b|\bcalm down\b|\b(?:forget|ignore|never mind) (?:that|about|it)\b|\b(?:leave|put) (?:that|it) aside\b|^\W*anyway\b.{0,40}\b(?:our|we|let me)\b|\bdoesn['’]t matter\b",
    I,
)
CHECK = re.compile(
    r"\b(?:does|do|did|would|will|has|have|is|am|was|how) (?:that|this|it|i|we|you)\b.{0,30}\b(?:answer|address|settle|deal with|cover|help|make sense|sound|feel|enough|clear|satisf|resolve|reassur|understood|got (?:it|that) right|right)\b.{0,60}\?|\bwhat (?:else|is still|would still|remains|still)\b.{0,60}\?|\b(?:any|some)thing (?:else|still|about|behind|more|you|that)\b.{0,90}\?|\bdid i (?:get|understand)\b.{0,40}\?",
    I,
)
ASKING = frozenset(["what", "how", "why", "who", "when", "where", "which"])
#: "Would that ...?" after an answer, or "is there anything ...?": asks whether it is settled.
ASKS_IF_DONE = re.compile(
    r"\b(?:is|was) there (?:any|some)thing\b.*\?|^\W*(?:(?:and|so|then)\b[, ]*)?(?:does|did|do|would|will|is|was|has) (?:that|this)\b.*\?",
    I,
)
YOU = re.compile(r"\byou(?:r|rs|rself)?\b", I)
STEP = re.compile(
    r"\b(?:shall we|can we|could we|how about|why don['’]t we|what if we|i(?:['’]d| would) (?:suggest|propose|like to (?:set|arrange|invite|offer|book))|i (?:suggest|propose)|let(?:['’]s| us| me) (?:set|arrange|book|meet|start|plan|schedule|agree|organi[sz]e|run|put)|would you be (?:open|willing|happy|up)|would it (?:help|make sense|be useful) (?:to|if)|next step|are you (?:open|free|available)|if you agree|can i (?:arrange|set|book|put|invite|introduce)|shall i|may i (?:arrange|set|book|introduce|invite)|(?:have|get|like|give (?:me|us)|need|ask(?:ing)? (?:you )?for) (?:your|a|the) (?:go[- ]ahead|green light|backing|consent|approval))\b",
    I,
)
STEP_NOUN = re.compile(
    r"\b(?:call|meeting|meet|pilot|trial|test|demo(?:nstration)?|visit|workshop|session|reference|introduc\w+|review|proposal|minutes|calendar|site|walk[- ]?through|appointment|conversation|talk to|speak to|speak with|side[- ]by[- ]side|parallel|drill|try(?:[- ]?out)?|go[- ]ahead|(?:\d+|thirty|sixty|ninety)[- ]days?|half an hour|an hour|(?:page|sheet) together|go[- ]ahead|green light|first stage|quiet (?:start|beginning))\b",
    I,
)
NEGATED = re.compile(
    r"\b(?:not|no|never|nothing|nobody|neither|without|cannot|hardly|unable)\b|n['’]t\b", I
)
ADMIT = re.compile(
    r"\b(?:they|\w+)(?:['’]re| are| is|['’]s) (?:\w+ )?(?:ahead|better|stronger|cheaper|faster)\b.{0,40}\b(?:than (?:us|we|ours)|there|on that|at that|in that|of us|at|on|for|in)\b|\bwe(?:['’]re| are) not (?:the )?(?:best|cheapest|strongest|ahead|right)|\bwe (?:don['’]t|can['’]t|cannot|do not) (?:offer|have|do|match|beat|support|provide|cover|claim)\b(?! (?:any |such )?(?:outages?|downtime|problems?|issues?|complaints?|faults?|failures?|hidden))|\b(?:their|that) (?:\w+ ){0,3}is (?:better|stronger|ahead)|\bto be (?:honest|fair|frank)\b.{0,60}\b(?:better|ahead|stronger|weaker|behind)|\b(?:beats?|outperforms?) us\b",
    I,
)
DISQUALIFY = re.compile(
    r"\b(?:may|might|probably|perhaps)(?: \w+)? not be (?:the |a )?(?:right|good) (?:fit|choice|solution|match)|\bnot (?:the |a )?(?:right|good|best) (?:fit|choice|match|solution)\b|\byou (?:should|might as well|had better|['’]d better) (?:(?:stay|stick) (?:with|where)|keep what)\b|\bi (?:would|['’]d) ?(?:n['’]t|not) (?:buy|switch|change|recommend)\b|\bdon['’]t (?:think you )?need (?:us|ours?|this|a second (?:one|system))\b"
    r"|\b(?:i(?:['’]d| would)?|i have to) advise (?:you )?against\b|\b(?:a )?wast(?:e|ing) (?:of )?your money\b"
    r"|\bmakes? no sense (?:for you )?to (?:buy|invest|pay|order)\b|\bdon['’]t think we can help you\b"
    r"|\bwon['’]t (?:try to )?sell you any(?:thing|more)?(?! (?:you|that))\b"
    r"|\bno (?:point|sense) in (?:buying|my selling|selling you|a second)\b|\bno use to you\b"
    r"|\b(?:can['’]t|cannot|won['’]t) (?:in good conscience |honestly )?sell you (?:this|that|ours?|one|a second)\b"
    r"|\bnothing (?:here |left )?for (?:me|us) to (?:sell|solve)\b|\b(?:save|keep) your money\b",
    I,
)
GREET = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening)|nice to meet|thanks|thank you|bye|goodbye)\b",
    I,
)

IMPERATIVE = re.compile(
    r"\b(?:tell me|walk me|talk me|help me|describe|explain|take me through|love to|like to)\b", I
)
CLAUSE_END = re.compile(r"[,;:.!?](?!\d)|[()\"“”\n–—]")
UNSPEAKABLE = re.compile(r"[<>{}\[\]|*_`#@/\\]|\bi\b", I)
BUT = re.compile(r"\b(?:understand|hear|see|get|fair|sense|appreciate)\b.{0,40}\bbut\b", I)
NOT_UNDERSTOOD = re.compile(
    r"\b(?:don['’]?t|do not|can['’]?t|cannot|never|not)\b.{0,12}\b(?:understand|see|get|hear|fair|make|valid|reasonable|right)\b",
    I,
)
WONT_APOLOGISE = re.compile(
    r"\b(?:not|never|no (?:need|reason) to)\b.{0,24}(?:apologi|sorry)|n['’]t\b.{0,24}(?:apologi|sorry)",
    I,
)
THEM = re.compile(r"\b(?:they|them|their|competitors?|supplier|those people)\b", I)
WONT_RUN_DOWN = re.compile(
    r"\b(?:not|never) (?:\w+ ){0,4}(?:bad|say|run|rubbish|attack|criticis)|n['’]t (?:\w+ ){0,4}(?:bad|say|run|rubbish|attack|criticis)",
    I,
)
REFUSES = re.compile(
    r"(?<!\bif )(?<!\bwhen )\b(?:we|i) (?:can['’]?t|cannot|don['’]t|do not|won['’]t|will not)\b|\bno way\b|\bnot possible\b|\bimpossible\b",
    I,
)
#: "That must have been awful when your supplier ...": the word is for what it was like.
FEELS_FOR = re.compile(r"\b(?:must (?:have|be)|sounds?|imagine|sorry|for you)\b", I)
#: "We are ahead of them": a boast, however near it is to a concession.
WE_LEAD = re.compile(
    r"\b(?:we(?:['’]re| are)|our (?:\w+ ){1,4}(?:is|are)|ours (?:is|are)) (?:\w+ )?(?:ahead|better|stronger|cheaper|faster)\b",
    I,
)
NO_PRESSURE = re.compile(
    r"\b(?:no (?:pressure|rush|need)|not (?:asking|pushing)|don['’]t (?:have|need) to)\b", I
)


def language_of(words: list[str]) -> str | None:
    """The name of a foreign language that ``words`` (lower case) seem to be in, or None."""
    if len(words) < 3:
        return None
    glue = sum(word in GLUE for word in words) / len(words)
    best, hits = max(
        (
            (name, sum(word in small for word in words) / len(words))
            for name, small in _FOREIGN.items()
        ),
        key=lambda pair: pair[1],
    )
    return best if hits > max(0.18, glue * 1.2) else None
