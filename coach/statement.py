"""What one clause says, read the same way for the seller's words and for the evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from coach.figures import Figure, figures
from coach.naming import Mentions, Names
from knowledge.lexical import content_words

I = re.IGNORECASE  # noqa: E741  read in the patterns below


class Reach(StrEnum):
    """How far an absolute word goes."""

    ALWAYS = "always"
    NEVER = "never"
    EVERY = "every"
    BEST = "best"


class Side(StrEnum):
    US = "us"
    THEM = "them"
    LEVEL = "level"


@dataclass(frozen=True, eq=False)
class Statement:
    """``normal`` is the text with "we" and "our" replaced by the vendor's name."""

    text: str
    normal: str
    figures: tuple[Figure, ...]
    names: Mentions
    words: frozenset[str]
    us: bool
    negative: bool
    reaches: Mapping[Reach, frozenset[str]] = field(default_factory=dict)
    stances: Mapping[str, int] = field(default_factory=dict)
    ahead: Side | None = None  # who is said to be better
    hedged: bool = False
    denial: bool = False  # says that something told is not so
    affirms: bool = False  # says that something told is so


_FIRST = re.compile(r"\b(?:we|us|our|ours|ourselves)\b|\bwe['’](?:ve|re|ll|d)\b", I)
_WE = re.compile(r"\bwe(?:['’](?:ve|re|d|ll))?\b|\bus\b|\bourselves\b", I)
_OUR = re.compile(r"\bours?\b", I)
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|without|cannot|cant|dont|doesnt|didnt|isnt|wasnt|wont|havent|hasnt|lacks?|lacking|lacked|unable|missing|refuses?|refused|hardly|zero|fails? to|failed to|free of|absent|nowhere)\b|n['’]t\b", I
)  # fmt: skip
_NOT_NEGATION = re.compile(
    r"\bno (?:doubt|problem|question|wonder|longer than|more than|later than|fewer than|less than|matter)\b|\bnot (?:only|just|more than|least)\b|\bnothing but\b|\bwithout (?:a )?doubt\b|\bno[,.]\s|\bno extra (?:cost|charge)\b|\b(?:at|for) no (?:extra |additional )?(?:charge|cost)\b|\bwhy not\b|\bwhether or not\b|\bnot to mention\b|\bno one from\b", I
)  # fmt: skip
_REACHES = {
    Reach.ALWAYS: re.compile(
        r"\b(?:always|guarantee\w*|100 ?%|(?:a |one )?hundred per ?cent|100 per ?cent|without exception|no exceptions?|every (?:single )?time|all the time|no matter (?:what|where|when)|whatever happens|impossible|bullet ?proof|unbreakable|unhackable|fool ?proof|risk[- ]free|instant(?:ly)?|immediately|seamless(?:ly)?|completely|entirely|totally|absolutely no|perfect(?:ly)?|flawless(?:ly)?|forever|zero (?:risk|downtime|outages?|problems)|no (?:risk|downtime)|(?:any ?where|everywhere|wherever))\b", I),
    Reach.NEVER: re.compile(r"\b(?:never|not (?:once|a single|ever|one)|no \w+ (?:ever|at all)|nobody|no one(?! from)|none|nothing|can(?:not|['’]?t)(?: possibly)? (?:happen|fail|go wrong|go down|drop|break))\b", I),
    Reach.EVERY: re.compile(
        r"\b(?:every(?! (?:day|week|month|quarter|year|hour|minute|second|morning|night|evening|other|few|single time|time|\d))(?: single)?(?: one of)?|all(?! (?:in all|along|right|the time|day|night|the way|about))(?: of)?(?: (?:the|its|our|their|your|these|those))?|each(?: and every)?(?: of)?(?: (?:the|its|our|their))?|any(?! (?:more|way|time|how|longer|further|better|chance))|everyone|everybody|everything|most(?: of)?(?: (?:the|our|their))?(?= \w+s\b)|whole|across the board)\b(?:\s+(?P<noun>[^\W\d_]\w+))?", I),
    Reach.BEST: re.compile(
        r"\b(?:the only|only (?:one|provider|vendor|supplier)|the best|best[- ](?:in|on|of)\b|leading|leader|market[- ]leader|number one|no\. ?1|#1|unmatched|unrivalled|unrivaled|unbeatable|second to none|award[- ]winning|world[- ]class|industry[- ]leading|nobody else|no one else|no other (?:\w+ )?(?:provider|vendor|supplier|company|system|one)|no competitor|the (?:most|least) \w+|the (?:fast|cheap|strong|larg|bigg|high|low|saf|short|quick|new|simpl|eas)i?est|any other (?:provider|vendor|supplier)|than any(?:one|body)|than every(?:one|body)|in the (?:industry|market|world|business))\b", I),
}  # fmt: skip
_HEDGE = re.compile(
    r"\b(?:up to|about|around|roughly|approximately|nearly|almost|typically|usually|often|on average|average|median|in most cases|most|some|may|might|can|could|should|tend|tends|expected|estimate[ds]?|as an example|for instance|for example|in one|at one|one team|some of|part of|depends?|so far|as far as)\b", I
)  # fmt: skip
_DENIAL = re.compile(
    r"\b(?:(?:is|was|are|were)(?:n['’]t| not)|(?:it|that|this)['’]s not|not|never|nothing) (?:\w+ ){0,2}?(?:true|so|correct|the case|accurate|right|happened?|happening)\b|\bdid(?:n['’]t| not) happen\b|\b(?:false|untrue|fake|made[- ]up|invented|nonsense|fabricat\w+|baseless|myth|gossip|lie|fake news|just (?:a )?rumou?r|only (?:a )?rumou?r|no truth)\b", I
)  # fmt: skip
_AFFIRMS = re.compile(
    r"\b(?:it(?:['’]s| is) true|that(?:['’]s| is| was) true|it (?:did )?happen(?:ed|s)?|that (?:did )?happen(?:ed)?|is true|what you(?:['’]ve)? heard is (?:true|right|correct))\b",
    I,
)

# Word stems that stand for the two ends of one thing. A clause that has one end, and evidence
# that has the other, disagree unless exactly one of them is negated.
_STANCES = (
    ("size", r"grew|grow\w*|increas\w+|rose|rise\w*|risen|rais\w+|expand\w*|gain\w*|climb\w*|up by|added|hir\w+|more than before|went up", r"fell|fall\w*|shr[aiu]nk\w*|cut|cuts|cutting|reduc\w+|declin\w+|decreas\w+|dropp\w+|drop|drops|lower\w*|fewer|less|went down|down (?:to|by|from)|short\w+|laid off|slash\w*|brought down"),
    ("stay", r"stay\w*|kept|keep\w*|remain\w*|renew\w*|retain\w*", r"left|leav\w+|quit|walk\w* away|cancel\w*|replac\w+|got rid of|threw out|ditch\w*|abandon\w*|dumped|terminated"),
    ("open", r"open(?:s|ed|ing)?|expand\w*", r"clos(?:e|es|ed|ing|ure)|shut\w*|offshor\w*|outsourc\w+"),
    ("free", r"free|no (?:extra |additional )?(?:charge|cost)|costs? nothing|included|includes?|without (?:a )?(?:surcharge|charge)|nothing extra", r"charge[ds]?(?! for the parallel)|extra cost|surcharge|costs extra|adds? \d|paid add-on|add-on|pay extra|on top"),
    ("own", r"own(?:s|ed)?(?= (?:its|our|the|physical|network|cables|lines|field|fibre))|our own|its own|his own", r"rents?|leas\w+|partner['’]?s?|third[- ]party|subcontract\w*"),
    ("pass", r"pass\w*", r"fail(?:ed|s|ing)?(?! ?over)"),
    ("gain", r"profit\w*|in the black", r"loss|losses|loss-making|in the red|unprofitable|losing money"),
    ("quarrel", r"happy with|no quarrel|well liked|satisfied|good years", r"unhappy|fed up|let down|frustrated|sick of|dissatisfied"),
    ("switch", r"(?:switched|turned|is|on) on by default|on by default|automatically recorded", r"off by default|is off until|off until|stays off|remains off"),
)  # fmt: skip
_STANCE_PATTERNS = tuple(
    (name, re.compile(rf"\b(?:{plus})\b", I), re.compile(rf"\b(?:{minus})\b", I))
    for name, plus, minus in _STANCES
)

_ALIKE = (
    "customer client", "support helpdesk hotline servicedesk", "outage downtime offline breakdown down",
    "switch move migrat chang transition", "price cost pric charg fee", "missed unansw abandon lost dropout",
    "mobile cellular 4g 5g lte", "shop store", "people staff employ colleagu headcount", "language tongue",
    "notice cancel exit leav", "record", "answer pick respons reply", "payback pay break-even",
    "site locat", "failover backup fallback", "transcrib transcript", "resolut solv settl resolv fix",
    "drill test", "licence license licens", "certif accredit", "invoice bill", "engin technic",
    "trial pilot", "book reserv", "grow grew expand increas", "sentence", "parallel alongside",
    "queue wait", "number", "porting port ported", "audit auditor", "update upgrad patch", "save sav saving",
    "bank", "hospital", "api interface", "rat score star", "term contract commitment", "uptime availab sla",
)  # fmt: skip
_CANONICAL = {word: group.split()[0] for group in _ALIKE for word in group.split()}
_SUFFIX = re.compile(r"(?:ations?|ions?|ings?|ments?|ness|ities|ity|ers?|ed|ly|es|s|e|y)$")
_BLAND = frozenset(
    """we us they them he she i me my it its who get got make made take took just really very also
    even still now then so but yet only one two thing well lot there here out up about over than
    more most some any all every each been being had did could would should may might must will
    shall into after before during while because since not no n't t s ve re ll d m don doesn isn
    wasn didn won haven hasn can't say said tell told know see go went come came let give gave""".split()  # noqa: SIM905  a word list
)


def read(text: str, names: Names, context: Mentions | None = None) -> Statement:
    """What ``text`` says; ``context`` names whom a leading pronoun stands for."""
    mentions = names.find(text)
    if context and not (mentions.customers or mentions.competitors):
        mentions = replace(mentions, customers=context.customers, competitors=context.competitors)
    us = bool(_FIRST.search(text)) or mentions.vendor
    return Statement(
        text=text,
        normal=_OUR.sub(f"{names.short}'s", _WE.sub(names.short, text)),
        figures=figures(text),
        names=mentions,
        words=stems(text),
        us=us,
        negative=negative(text),
        reaches=_reaches(text),
        stances=_stances(text),
        ahead=who_is_ahead(_as_us(text, names), mentions),
        hedged=bool(_HEDGE.search(text)),
        denial=bool(_DENIAL.search(text)),
        affirms=bool(_AFFIRMS.search(text)) and not _DENIAL.search(text),
    )


def stems(text: str) -> frozenset[str]:
    """The words that carry meaning, cut to stems; words for the same thing become one."""
    return frozenset(
        _CANONICAL.get(stem, stem)
        for word in content_words(text)
        if (word not in _BLAND and not word[0].isdigit()) or word in {"4g", "5g"}
        for stem in (_stem(word),)
    )


def negative(text: str) -> bool:
    """True when the clause denies something: an odd number of negations."""
    return len(_NEGATION.findall(_NOT_NEGATION.sub(" ", text))) % 2 == 1


def _stem(word: str) -> str:
    if word in _CANONICAL or len(word) < 5:
        return word
    cut = _SUFFIX.sub("", word)
    return cut if len(cut) >= 3 else word


def _reaches(text: str) -> dict[Reach, frozenset[str]]:
    found: dict[Reach, frozenset[str]] = {}
    for reach, pattern in _REACHES.items():
        matches = list(pattern.finditer(text))
        if matches:
            nouns = (m.groupdict().get("noun") or "" for m in matches)
            found[reach] = frozenset(stem for noun in nouns for stem in stems(noun))
    return found


def _stances(text: str) -> dict[str, int]:
    found = {}
    for name, plus, minus in _STANCE_PATTERNS:
        has_plus, has_minus = bool(plus.search(text)), bool(minus.search(text))
        if has_plus != has_minus:
            found[name] = 1 if has_plus else -1
    return found


_BETTER = re.compile(
    r"\b(?:better|faster|quicker|cheaper|stronger|ahead|superior|sooner|safer|easier|nicer|simpler|wider|broader|richer|more (?!than|about|and|or|expensive|often than)\w+|beats?|beating|outperforms?|outclass\w*|wins?|leads?|lower (?:price|cost|list|fee)\w*|costs? less|less expensive|shorter|higher|larger|bigger|fewer|less downtime|wipes? the floor|runs? rings|stands? out|trumps?|tops|the edge|no match for|can(?:not|['’]?t) (?:match|touch|beat|compete)|the lead)\b", I
)  # fmt: skip
_WORSE = re.compile(
    r"\b(?:worse|slower|more expensive|dearer|pricier|costs? more|behind|weaker|inferior|lags?|trails?|loses?|less (?!than|about|expensive|downtime)\w+|poorer|higher (?:price|cost|list|fee)\w*|pay more)\b", I
)  # fmt: skip
_LEVEL = re.compile(
    r"\b(?:(?:just )?as (?:good|fast|cheap|strong|reliable|high|well|many|low|easy)\b(?: \w+)?(?: as)?|same (?:as|level|price|quality|score|number|terms|rating)|the same\b|on (?:a )?par|level with|are level|equal(?:ly|s)?|identical|match(?:es)? (?!for)|no difference|tie[ds]?|draw|neck and neck|comparable|similar)\b", I
)  # fmt: skip
_THAN_US = re.compile(
    r"\bthan (?:us|we|ours|our)\b|\b(?:of|with|as|for|beats?|match|matches|to) (?:us|ours)\b|\bas we\b",
    I,
)
_US_FIRST = re.compile(r"\b(?:we|our|ours|us)\b|\bwe['’]", I)
_INVERTED = re.compile(
    r"\bno match for\b|\bcan(?:not|['’]?t) (?:match|touch|beat|compete)|\b(?:not|n['’]t)\b", I
)


def who_is_ahead(text: str, names: Mentions) -> Side | None:
    """Who is said to be better where a named competitor and we are compared."""
    if not names.competitors:
        return None
    better, worse, level = (p.search(text) for p in (_BETTER, _WORSE, _LEVEL))
    if level and not (better and better.start() < level.start()):
        denied = re.search(r"\b(?:not|cannot)\b|n['’]t\b", text[: level.start()])
        return Side.THEM if denied else Side.LEVEL
    if not better and not worse:
        return None
    good = bool(better) and not (worse and better and worse.start() < better.start())
    if _INVERTED.search(text):
        good = not good
    return Side.US if good is _subject_is_us(text, names) else Side.THEM


def _subject_is_us(text: str, names: Mentions) -> bool:
    if _THAN_US.search(text):
        return False
    first_us = _US_FIRST.search(text)
    lower = text.casefold()
    places = [lower.find(name.casefold()) for name in names.competitors]
    competitor = min((place for place in places if place >= 0), default=len(text))
    compared = re.search(r"\b(?:than|to|with|against|over|as)\s+$", text[:competitor])
    return bool(first_us and first_us.start() < competitor) or bool(compared)


def _as_us(text: str, names: Names) -> str:
    text = text.replace(names.vendor, "we")
    return re.sub(rf"\b{re.escape(names.short)}['’]s?\b", "our", text, flags=I).replace(
        names.short, "we"
    )
