"""Words that turn, stretch or limit what a clause says, and words that mean the same."""

from __future__ import annotations

import re
from enum import StrEnum

from coach.claims.patterns import either

# Denial

NEGATION = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|without|cannot|cant|dont|doesnt|didnt|isnt"
    r"|wasnt|wont|havent|hasnt|lacks?|lacking|lacked|unable|missing|refuses?|refused|hardly|zero"
    r"|fails? to|failed to|free of|absent|nowhere)\b|n['’]t\b",
    re.IGNORECASE,
)
#: Negations that deny nothing, or nothing that matters.
EMPTY_NEGATION = re.compile(
    r"\bno (?:doubt|problem|question|wonder|matter|strings)\b|\bno (?:more|later|fewer|less) than\b"
    r"|\bnot (?:only|just|more than|least|to mention)\b|\bnothing but\b|\bno[,.]\s|\bwhy not\b"
    r"|\bwithout (?:a )?(?:doubt|reservation|fail|surcharge|charge|ticket)\b|\bwhether or not\b"
    r"|\bno one from\b"
    r"|\bno (?:extra |additional )?(?:cost|charge|fee|surcharge|complaints?|quarrel|obligation)\b"
    r"|\bcosts? (?:you )?nothing\b"
    r"|\bdoes(?:n['’]t| not) cost (?:you )?(?:a thing|anything)\b|\bnone of (?:that|this)\b",
    re.IGNORECASE,
)
UNTRUE = re.compile(
    r"\b(?:(?:is|was|are|were)(?:n['’]t| not)|(?:it|that|this)['’]s not|not|never|nothing)"
    r" (?:\w+ ){0,2}?(?:true|so|correct|the case|accurate|right|happen(?:ed|ing)?)\b"
    r"|\bdid(?:n['’]t| not) happen\b|\b(?:false|untrue|fake|made[- ]up|invented|nonsense"
    r"|fabricat\w+|baseless|myth|gossip|lie(?! (?:in|on|at|with|outside)\b)"
    r"|(?:just|only|merely) a rumou?r|no truth)\b",
    re.IGNORECASE,
)
IN_DOUBT = re.compile(
    r"\b(?:don['’]?t|do not|can['’]?t|cannot|can not|neither|not|too early to) (?:yet )?"
    r"(?:know|say|tell|confirm|rule)|\b(?:under|in) review\b|\b(?:being |still )review\w*"
    r"|\bstill (?:open|checking|looking)\b|\bno finding\b|\bunclear\b|\bopen question\b"
    r"|\bnot (?:yet )?(?:sure|clear|certain|confirmed)\b|\breview is (?:still )?going on\b"
    r"|\bnothing (?:has been |was )?found\b",
    re.IGNORECASE,
)
ONLY = re.compile(r"(?<!not )(?<!the )\b(?:only|solely|just (?:the|its|one|for))\b", re.IGNORECASE)
#: What holds for everybody, or for several things named in a row.
WIDE = re.compile(
    r"\b(?:public|anyone|everyone|open to all)\b|\w+, (?:\w+ ){1,3}and \w+", re.IGNORECASE
)
#: "…, ours doesn't": a contrast that says nothing of the rest.
CONTRAST = re.compile(
    r"(?:,\s*(?:and |but |while )?(?:\w+ ){1,2}|\s+(?:ours|we|they|theirs|it) )"
    r"(?:(?:do|does|is|are|did)(?:n['’]t| not)|can['’]?t|cannot)\W*$",
    re.IGNORECASE,
)
AFTERWARDS = either("since", "after", "again", "any ?more", "no longer")


# Reach


class Reach(StrEnum):
    """How far an absolute word goes."""

    ALWAYS = "always"
    NEVER = "never"
    EVERY = "every"
    BEST = "best"


_EVERY_NOT = (
    r"(?! (?:day|week|month|quarter|year|hour|minute|second|morning|night|evening|few"
    r"|single time|time|\d))"
)
_ALL_NOT = r"(?! (?:in all|along|right|the time|day|night|the way|about|\d))"
_ANY_NOT = r"(?! (?:more|way|time|how|longer|further|better|chance|notice))"
REACHES = {
    Reach.ALWAYS: re.compile(
        r"\b(?:always|guarantee\w*|(?:a |one )?hundred per ?cent|100 per ?cent|without exception"
        r"|no exceptions?|every (?:single )?time|all the time|no matter (?:what|where|when)"
        r"|whatever happens|impossible|bullet ?proof|unbreakable|unhackable|fool ?proof"
        r"|risk[- ]free|free of risk|instant(?:ly)?|immediately|seamless(?:ly)?|completely"
        r"|entirely|totally|perfect(?:ly)?|flawless(?:ly)?|forever|outright|zero (?:risk|downtime"
        r"|outages?|problems)|no (?:risk|downtime)|anywhere|everywhere|wherever"
        r"|any ?time|without any)\b|\b100 ?%",
        re.IGNORECASE,
    ),
    Reach.NEVER: re.compile(
        r"\b(?:never|not (?:once|a single|ever|one)|no \w+ (?:ever|at all)|without a single|nobody"
        r"|no one(?! from)|none|nothing|can(?:not|['’]?t)(?: possibly)? (?:happen|fail|go wrong"
        r"|go down|drop|break))\b",
        re.IGNORECASE,
    ),
    Reach.EVERY: re.compile(
        rf"\b(?:every{_EVERY_NOT}(?: single)?(?: one of)?"
        rf"|all{_ALL_NOT}(?: of)?(?: (?:the|its|our|their|your|these|those))?"
        rf"|each{_EVERY_NOT}(?: and every)?(?: of)?(?: (?:the|its|our|their))?|any{_ANY_NOT}"
        r"|everyone|everybody|everything|across the board)\b(?:\s+(?P<noun>[^\W\d_]\w+))?",
        re.IGNORECASE,
    ),
    Reach.BEST: re.compile(
        r"\b(?:the only|only (?:one|provider|vendor|supplier)|the best|best[- ](?:in|on|of)"
        r"|leading|leader|number one|no\. ?1|unmatched|unrivall?ed|unbeatable|second to none"
        r"|award[- ]winning|world[- ]class|nobody else|no one else|no competitor"
        r"|no other (?:\w+ )?(?:provider|vendor|supplier|company|system|one)"
        r"|the (?:most|least) \w+|the (?:fast|cheap|strong|larg|bigg|high|low|saf|short|quick|new"
        r"|simpl|eas)i?est|any other (?:provider|vendor|supplier)|than (?:any|every)(?:one|body)"
        r"|(?:in|on) the (?:industry|market|world|business))\b",
        re.IGNORECASE,
    ),
}
#: What a fact says when it holds at times, or for a part; not the month of May.
POSSIBLE = re.compile(
    r"\b(?:can|(?-i:may)|might|some|one \w+ in|often|at times|\d+ of)\b|%", re.IGNORECASE
)
#: What keeps a fact from holding for everything.
LIMITED = either(
    "up to", "about", "around", "roughly", "nearly", "almost", "typically", "usually", "often",
    "on average", "average", "median", "in most cases", "most", "some", "estimated?", "for example",
    "as an example", "in one", "one team", "part of", "so far", "pilot", "trial", "assumption",
)  # fmt: skip

# Who is ahead

#: What is yet to come.
FUTURE = re.compile(
    r"\b(?:will|going to|about to|plans? to|wants? to)\b.*\b(?:next|soon|by 20\d\d|by (?:the )?"
    r"(?:spring|summer|autumn|winter|end)|in the coming)\b|['’]ll\b.*\bby 20\d\d\b",
    re.IGNORECASE,
)

_BAD = (
    "(?:price|cost|fee|charge|downtime|outage|fault|failure|drop|missed|error|complaint|wait"
    "|problem)"
)
BETTER = either(
    "better", r"(?:hours are|open|available) longer", "faster", "quicker", "cheaper", "stronger",
    "ahead", "superior", "sooner", "safer",
    "easier", "nicer", "simpler", "wider", "broader", "richer", "shorter", "higher", "larger",
    "bigger", rf"(?:fewer|less|lower) (?:\w+ )?{_BAD}\w*",
    r"more (?!than|about|and|or|expensive|often than)\w+", "beats?", "beating",
    r"outperforms?", r"outclass\w*", "wins?", "leads?", "costs? less",
    r"(?:price|cost|fee)s? (?:is|are|was|were) (?:\w+ )?lower",
    "less expensive", "wipes? the floor", "runs? rings", "trumps?",
    "tops", "the edge", "no match for", "can(?:not|['’]?t) (?:match|touch|beat|compete)",
    "the lead",
)  # fmt: skip
WORSE = either(
    "worse", "slower", "more expensive", "dearer", "pricier", "costs? more", "behind", "weaker",
    "inferior", "lags?", "trails?", "loses?", "poorer", "pay more",
    r"(?<!hours are )(?<!open )(?<!available )longer",
    r"(?:price|cost|fee)s? (?:is|are|was|were) (?:\w+ )?higher",
    rf"(?:fewer|less|lower)(?! than (?:a|an|one|\d)| expensive| (?:\w+ )?{_BAD})",
    rf"(?:more|higher) (?:\w+ )?{_BAD}\w*",
)  # fmt: skip
LEVEL = either(
    r"(?:just )?as (?:good|fast|cheap|strong|reliable|high|well|many|low|easy)\b(?: \w+)?(?: as)?",
    "same (?:as|level|price|quality|score|number|terms|rating)",
    r"the same(?! (?:day|week|month|time|night|way|moment|hour|person|people)\b)", "on (?:a )?par",
    "level", r"equal(?:ly|s)?", "identical", "match(?:es)? (?!for)", "no difference", "tied?",
    "draw",
    "neck and neck", "comparable", "similar",
)  # fmt: skip
INVERTED = re.compile(
    r"\b(?:nothing|nobody|no one|nowhere)\b|\bno match for\b"
    r"|\bcan(?:not|['’]?t) (?:match|touch|beat|compete)|\b(?:not|n['’]t)\b",
    re.IGNORECASE,
)
THAN_US = re.compile(
    r"\bthan (?:us|we|ours|our)\b|\b(?:of|as|beats?|match|matches) (?:us|ours)\b|\bas we\b"
    r"|\bcompared (?:to|with) (?:us|ours)\b|\bahead (?:of|with) us\b",
    re.IGNORECASE,
)

SERVICE_LEVEL = re.compile(r"\bservice[- ]levels?(?: agreements?)?\b", re.IGNORECASE)
DOWN = re.compile(
    r"\b(?:was|were|is|are|went|goes?|going|been|be) down\b(?! (?:to|from|by|on)\b)", re.IGNORECASE
)

# Words for the same thing, by stem; the first stands for all.
_ALIKE = """
    customer client buyer | landlin line telephon | compensat credit refund reimburs |
    exclusiv sole | complaint quarrel complain | territor region | hang drop-out dropout |
    hold belong own owner | freelanc contractor | boss manag | picture image | need requir must |
    audit auditor | firm compan business | earn profit |
    discount rebat | cable fibre wire | offshor abroad | basement cellar | fault break |
    study survey | clinic hospital practice |
    agree accept | allow permit | finish complet | fast quick |
    support helpdesk hotline servicedesk | outage downtime offline breakdown |
    switch move migrat chang transition | price cost pric charg fee cheap cheaper expensive dear
    dearer | missed unansw abandon lost dropout | mobile cellular 4g 5g lte | shop store |
    people staff employ colleagu headcount | language tongue | notice cancel exit leav | answer
    pick respons reply | payback pay break-even | site locat | failover backup fallback |
    transcrib transcript | solv settl resolv resolut | drill test | licence license licens |
    certif accredit | invoice bill | trial pilot | book reserv | grew grow expand increas |
    parallel alongside | queue wait | update upgrad patch | save sav | api
    interface | keep kept stor retain archiv | purchas buy bought acquir | begin began start
    launch |
    financ financial cfo money | branch outlet | depot warehous | factory plant mill |
    weekend saturday sunday | night overnight nightly | signal coverag reception |
    rural countrysid villag valley | app applic | delet eras wipe remov | choos pick select chosen
    chose | repair mend fix | data inform | citizen resident | guest visitor | nurs carer |
    board director | brochur leaflet mailing | merg takeover | rent leas | expir lapse |
    interface | rat score star | contract term commitment | uptime availab sla | recommend refer
    | train teach | supplier vendor provider | engin technic technician
"""
CANONICAL = {word: group.split()[0] for group in _ALIKE.split("|") for word in group.split()}
#: Words that any sentence may have.
BLAND = frozenset(
    """
    something happen happened thing things we us they them he she i me my it its who get got
    make made take took just really very also even still now then so but yet only one two well
    lot there here out up about over than more most some any all every each been being had did
    could would should may might must will shall into after before during while because since
    not no n't t s ve re ll d m don doesn isn wasn didn won haven hasn said say tell told know
    see heard hear lie go went come came let give gave back down quite actually simply honestly
    always completely entirely totally altogether outright absolutely guarante guaranteed guarantee
    perfectly instantly everyone everybody everything ever again those these were where never
    anyone anybody someone somebody half third hour minute second day week month year percent
    eur euro gbp pound usd good great other whole own clock round theirs their high low less few
    fewer stor story rumour true false lots like too much many last next
    """.split()  # noqa: SIM905  a word list
)
