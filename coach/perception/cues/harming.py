"""What costs a seller: running down, pressing, flattering, brushing aside, orders to a program."""

from __future__ import annotations

from coach.perception.cues.phrases import anywhere, words

DISPARAGE = words(
    r"rubbish|garbage|crap|trash|terrible|horrible|awful|joke|dinosaurs?|useless|pathetic|scam",
    r"crooks?|liars?|lying to you|rip(?:ped|ping)?[- ]?(?:you )?off|incompetent|laughable",
    r"clueless|idiots?|stupid|worthless|outdated junk|hopeless|disgrace|shady|mess|amateurs?",
    r"vapou?rware|cheat(?:s|ed|ing)?|fraud(?:s|sters?)?|swindl\w+|bankrupt|antiques?|clowns?|cowboys?",
    r"second[- ]rate|fall(?:s|ing)? apart|overpriced|couldn't find their|can't be trusted",
)
THEM = words(r"they|them|their|the others|competitors?|rivals?|supplier|provider|those people")
WONT_RUN_DOWN = anywhere(
    r"\b(?:not|never) (?:\w+ ){0,4}(?:bad|say|run|rubbish|attack|criticis)",
    r"n't (?:\w+ ){0,4}(?:bad|say|run|rubbish|attack|criticis)",
)
PUSH = words(
    r"only (?:today|until|this week)|last chance|offer (?:ends|expires|is only)",
    r"expires? (?:today|tonight|soon|on|this)",
    r"(?<!how do you )(?<![a-z]{3}s )(?<!they )(?<!people )(?<!who )"
    r"(?:sign|decide|buy|commit|close|order) "
    r"(?:now|today|right now|this (?:week|minute|instant)|by (?:noon|tonight|midnight)|"
    r"immediately)(?! (?:what|which|who|how|where|whether|on)\b)",
    r"before it(?:'s| is) too late|you(?:'ll| will) (?:regret|miss|be sorry)|be the last",
    r"(?:offer|price|deal) (?:is|will be) gone|only (?:until|till) (?:noon|midnight|tonight)",
    r"last (?:slots?|places?|spots?|seats?)|(?:slots?|places?|spots?|seats?) are (?:being|going)",
    r"make (?:it|this) worth your while",
    r"every(?:one|body) (?:\w+ ){0,3}(?:has|is)(?: already)? (?:moved|moving|switched|switching)",
    r"(?:need|want|have to have) (?:an|your) (?:answer|decision|signature) (?:now|today|right)",
    r"left behind|don't miss|limited (?:offer|time|places|slots)",
    r"(?:two|three|few|\d+) (?:places|slots|licences|spots) left|just sign",
    r"only (?:need|have) to sign|act (?:now|fast)|(?:need|want) your (?:signature|yes)",
    r"(?:conditions|offer|price|discount) (?:expires?|ends|runs out|goes up)",
    r"(?:already|just) blocked the",
)
#: A shortage or a deadline of our own. A date that the buyer gave is neither.
SCARCITY = words(
    r"only (?:today|until (?:today|tonight|tomorrow|noon|midnight|\w+day|the end of)|this week)",
    r"last chance|(?:limited|once[- ]only|one[- ]time) (?:offer|time|places|slots|deal|price)",
    r"(?:offer|price|deal|rate|conditions?|discount|terms?|quote)s? "
    r"(?:\w+ ){0,4}?(?:ends?|expires?|runs? out|goes? up|lapses?|disappears?|gone|closes?)",
    r"(?:can't|cannot|won't|not) (?:\w+ ){0,3}?(?:hold|keep|guarantee|offer|repeat) "
    r"(?:\w+ ){0,4}?(?:after|past|beyond|until|next|again|longer)",
    r"(?:just |only )?(?:one|two|three|four|five|a few|few|\d+) (?:\w+ ){0,3}?"
    r"(?:slots?|places?|spots?|seats?|licences?|units?) (?:\w+ ){0,2}?(?:left|remain\w*|free|open)",
    r"last (?:\w+ )?(?:slots?|places?|spots?|seats?)|(?:slots?|places?|spots?|seats?) "
    r"(?:\w+ ){0,2}?(?:are|is) (?:\w+ )?(?:being|going|running|filling|nearly|almost)",
    r"(?:somebody|someone|another (?:\w+ )?(?:customer|firm|company|client|buyer)) (?:else )?"
    r"(?:\w+ ){0,3}?(?:will|is about to|wants to|is going to|would) "
    r"(?:take|grab|get|sign|have|snap)",
    r"(?<!was )(?<!were )(?:gone|sold out|fully booked) (?:by|before|after|within)",
    r"(?:after|from) (?:today|tonight|tomorrow|midnight|\w+day) (?:\w+ ){0,5}?"
    r"(?:gone|higher|more expensive|impossible|over|withdrawn|off the table)",
    r"off the table (?:after|by|from|tomorrow)",
)
NO_PRESSURE = words(r"no (?:pressure|rush|need)|not (?:asking|pushing)|don't (?:have|need) to")
DISCOUNT = anywhere(
    r"\b(?:\d+ ?%|\w+ per ?cent) (?:off|discount|cheaper)|\bpay \d+ ?% less|\bdiscount\b",
    r"\bspecial price\b|\blower (?:the|our|your) price|\bmonths? (?:for )?free\b",
    r"\bfree months?\b|\bbeat (?:any|their|the) (?:price|offer)|\bcheaper (?:deal|price)",
    r"\bprice cut\b|\bknock .{0,20} off\b|\bon the house\b|\bfree of charge for\b",
    r"\b(?:\d+ ?%|\w+ per ?cent|a (?:third|quarter|fifth|tenth)) (?:lower|less|off)\b",
)
FLATTER = anywhere(
    r"\byou(?:'re| are) (?:so |very |clearly |obviously |truly )?(?:one of the )?(?:smart|"
    r"brilliant|amazing|impressive|a genius|a visionary|wonderful|incredible|fantastic|gifted)",
    r"\b(?:i admire|so impressed by) (?:you|how you)\b",
    r"\byou(?:'re| are| must be) (?:\w+ ){0,2}(?:genius|visionary|legend|star|mastermind)\b",
    r"\b(?:as|so) (?:sharp|clever|smart|bright|gifted|wise) as you\b",
)
DISMISS = anywhere(
    r"\b(?:don't|do not|no need to|nothing to) worry\b",
    r"\bnot (?:a (?:big |real )?(?:deal|problem|issue|concern)|important|relevant)\b",
    r"\bno (?:big deal|problem at all|issue)\b|\btrust me\b|\boverthinking\b|^\W*whatever\b",
    r"\birrelevant\b|\bcalm down\b|\b(?:forget|ignore|never mind) (?:that|about|it)\b",
    r"\b(?:leave|put) (?:that|it) aside\b|^\W*anyway\b.{0,40}\b(?:our|we|let me)\b",
    r"\bdoesn't matter\b|\bancient history\b|\blet (?:it|that) go\b|\bget over it\b",
    r"\b(?:things|it) happens?\b.{0,24}\b(?:every(?:one|body|where)|all)\b",
    r"\b(?:fail to|don't|can't) see (?:the|a|any) (?:problem|issue)\b|\b(?:let me |let's )skip\b",
    r"\byou (?:simply |just |clearly |obviously )?(?:don't|do not) understand\b",
    r"\b(?:nobody|no one) (?:uses|needs|cares|asks)\b",
)
PROMPT_LIKE = anywhere(
    r"(ignore|disregard|forget)\b.{0,30}\b(instruction|prompt|rule|above|previous|prior|"
    r"everything)",
    r"\b(system|developer)\s*(prompt|message)|<\|?\s*(im_start|im_end|system|endoftext)",
    r"\[/?INST\]",
    r"\byou are (now )?(an? )?(chat\s?gpt|gpt|ai|assistant|language model|llm|bot|dan)\b",
    r"\b(print|reveal|show|output|repeat|list)\b.{0,30}\b(rubric|prompt|instructions|"
    r"hidden (concern|card|state)|canary)",
    r"\bas an ai\b|\b(end|stop|leave|break) (the )?(role[- ]?play|simulation|character)",
    r"\bset (your )?(trust|patience|value) to\b|\b(jailbreak|developer mode)\b",
    r"\bmark (this|the) session\b|\brespond (only )?(in|with) (json|xml)\b",
    over_lines=True,
)
