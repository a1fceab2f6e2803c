"""The two ends of one thing: words by which clauses that share all others still disagree."""

from __future__ import annotations

import re

from coach.claims.wording import NEGATION
from coach.late_pattern import late

#: Behind a comparative: that it is measured against former times.
_THAN_ONCE = (
    r" (?:[\w'’-]+ ){0,5}?(?:than (?:before|ever|last|with (?:its|the|their) (?:old|former)"
    r"|in (?:19|20)|(?:they|it|he|she|we) (?:did|used|had|was|were)|(?:\w+ )+ago)"
    r"|today|nowadays|now|these days|since)\b"
)
# By name: the words for one end, and those for the other. General words of business, as patterns;
# a clause with words for both ends stands at neither.
_ENDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "size": (
        (
            r"gr[eo]w\w*", r"increas\w+", "rose", "rises?", "risen", "rising", r"rais\w+",
            r"expand\w*", r"gain\w*", r"climb\w*", "up by", "added", "hir(?:ed|ing)", "went up",
            r"lift\w*", r"doubl\w+", r"tripl\w+", "more than doubled",
            rf"(?:more|longer|higher|bigger|slower)(?={_THAN_ONCE})",
            r"(?:got|gets?|becomes?|became) (?:longer|higher|bigger|slower)",
        ),
        (
            "fell", "fall(?:s|en|ing)?", r"shr[aiu]nk\w*", "cuts?", "cutting", r"reduc\w+",
            r"declin\w+", r"decreas\w+", "dropped", "drops?(?![- ]out)", r"lower\w*", "fewer",
            rf"(?:faster|quicker|smaller)(?={_THAN_ONCE})", "less", "went down",
            "down (?:to|by|from)", "shorter", "laid off", r"slash\w*",
            r"halv\w+",
        ),
    ),
    "course": (
        (r"improv\w+", "got better", "for the better", "went well"),
        (r"worse(?! than (?:us|ours))", r"deteriorat\w+", "suffered", "for the worse"),
    ),
    "default": (
        ("on by default", "switched on", "turned on", "recorded automatically", "runs? from"),
        ("off by default", "is off", "stays off", "remains off", "switched off", "until a"),
    ),
    "stay": (
        (r"stay\w*", "kept", r"keep\w*", r"remain\w*", r"renew\w*", r"retain\w*", "unchanged"),
        (
            "left(?! of| over)", "leav(?:es|ing)", "quit", r"cancel\w*", r"replac\w+",
            "g[eo]t rid of", r"ditch\w*", r"abandon\w*", "dumped", "terminated", "ended", "ends",
            "g[ai]ve up", "given up", "threw out", "throw (?:away|out)", r"\w+ up with",
            r"threw .{1,20} away",
            "gave (?:us|them)", "to change",
            "(?:lose|loses|lost) (?:its|their|your|his|her|the|some)",
        ),
    ),
    "open": (
        ("opens?", "opened", "opening(?! hours)"),
        (r"clos(?:es?|ed|ing|ure)", r"shut\w*", r"offshor\w*"),
    ),
    "free": (
        (
            "free of charge", "free", "no (?:extra |additional )?(?:charge|cost|fee|surcharge)",
            "included",
            "costs? (?:you )?nothing", "does(?:n['’]t| not) cost (?:you )?(?:anything|a thing)",
            "without (?:a )?(?:surcharge|charge)", "nothing extra", "waiv(?:ed|es|ing)",
            "in the price",
        ),
        (
            "(?<!no )(?<!extra )charged?", "charges", "extra cost", "surcharge",
            "costs? (?:you )?(?:extra|more)", "add-on", "pay extra", "on top", r"adds? \d",
            r"(?:bought|billed|charged|sold|paid for) separately", r"buy (?:\w+ ){0,4}separately",
        ),
    ),
    "own": (
        (
            r"(?:owns?|(?:our|its|their) own)(?= (?:(?:its|the|own|physical|field) )*"
            r"(?:network|cables?|lines?|fibre|masts?|engineers?|technicians?|people|staff)\b)",
        ),
        ("rents?", "leas(?:es|ed|ing)", "partner['’]?s?", "third[- ]party", r"subcontract\w*"),
    ),
    "rank": (
        (
            "highest", "top", "best", "most often", "first place", "largest", "biggest", "fastest",
        ),
        (
            "lowest", "worst", "least", "poorest", "last place", "smallest", "slowest",
        ),
    ),
    "spend": (
        (r"sav(?:es?|ed|ing)", "cheaper", "costs? less", "pa(?:ys?|id) (?:.{0,30} )?less"),
        ("dearer", "more expensive", "costs? more", "pa(?:ys?|id) (?:.{0,30} )?more"),
    ),
    "reach": (
        ("reachable", "online", "available", "kept running", "kept ringing", "went through"),
        ("unreachable", "offline", "unavailable", "cut off", "went dead", "down"),
    ),
    "pass": (("pass(?:es|ed)?", "got through"), ("fail(?:ed|s)?(?! ?over)",)),
    "gain": (
        (r"profit\w*", "in the black"),
        (
            "loss", "losses", "loss-making", "in the red", "unprofitable", "los(?:t|ing) money",
        ),
    ),
    "mood": (
        (
            "happy with", "nothing bad", "no hard feelings", "no (?:quarrel|complaints?)",
            "well liked", "satisfied", "good years",
            "(?<!un)content with", "praised",
        ),
        (
            "unhappy", "fed up", "let down", "frustrated", "sick of", "dissatisfied",
            "(?<!no )complain(?:ed|ts?)", "quarrel(?:led)? with",
        ),
    ),
    "hand": (
        (r"automatic\w*", "by itself", "without anyone"),
        ("by hand", r"manual\w*", "yoursel(?:f|ves)"),
    ),
    "steps": (
        (
            r"(?:one|a) \w+ (?:at a time|a month)", r"\d+ \w+ at a time", "site by site",
            "step by step", r"in (?:\w+ )?(?:steps|stages)", r"gradual\w*",
            "(?:of )?customers first",
        ),
        (
            "all at once", "at once", "(?:the|a|one) (?:same|single) (?:day|night|weekend|moment)",
            "in one go", "big bang", "overnight", "(?:over|in|on) (?:a|one) (?:day|night|weekend)",
        ),
    ),
    "bill": (
        (r"(?:single|one|same) (?:invoice|bill)", r"bill\w* .{0,40}together"),
        (r"separate (?:invoice|bill)s?", r"(?:two|2) (?:invoice|bill)s"),
    ),
    "payroll": (
        ("employees of", "in-house", "on our payroll", "permanent staff"),
        (r"freelanc\w*", "contractors?", "temps?", "agency", r"outsourc\w+"),
    ),
    "public": (
        ("anyone can", "everyone can", "open to all", "publicly"),
        ("needs? a (?:login|password)", "have to log in", "behind a (?:login|wall)", "secret"),
    ),
    "bound": (
        (
            "binding", r"commits? \w+ to", "locked in", "locks you in", "stuck with", "tied to",
            "must sign", "obliges?", "has to run", "have to see it through",
        ),
        (
            "can stop", "no contract follows", "no obligation", "can be (?:ended|cancelled)",
            "may leave at once", "(?:can|could) (?:walk away|be undone|have stopped)",
        ),
    ),
    "hours": (
        (
            r"24[ -]hours?", "24/7", "round[- ]the[- ]clock", "at any hour", "day and night",
            "(?:at|on) (?:the )?weekends?", "weekend support", "at night",
            "on (?:saturdays|sundays)",
        ),
        (
            "(?:on |of )?working days", "office hours", "business hours", "weekdays",
            "monday to friday", "nine to five",
        ),
    ),
    "premises": (
        ("in the cloud", "from the cloud", "over the internet"),
        (
            "on[- ]premises?", r"in (?:your|a customer['’]s) own (?:data centre|basement|cellar)",
            r"(?:server|box) in (?:your|the) (?:own )?(?:data centre|basement|cellar)",
        ),
    ),
    "direct": (
        ("(?:only |sells? |buys? )direct(?:ly)?", "own sales team"),
        (r"(?:through|via|by|over|from) (?:\w+ )?(?:resellers?|partners?|distributors?)",),
    ),
    "goal": (
        (r"above (?:the|its|our) (?:promised?|target|plan)\w*", "met", "exceeded", "beat the"),
        (
            r"below (?:the|its|our) (?:promised?|target|plan)\w*", "fell short",
            r"missed (?:our|its|the|their) (?:\w+ )?(?:promise|target|plan|goal)",
        ),
    ),
    "start": (
        (
            "from (?:the first )?day one", "from the (?:first day|start|beginning|outset)",
            "straight away",
        ),
        (r"when .{0,40} (?:ends|is over)", "only after", "once .{0,40} is over"),
    ),
    "help": (
        ("while (?:they|the agent|you) (?:talk|speak)", "during the call", "while the call"),
        ("after (?:the|a|each|every) call",),
    ),
}  # fmt: skip

_GROUPS = {
    f"end{number}": (name, 1 - 2 * side)
    for number, (name, side) in enumerate((name, side) for name in _ENDS for side in (0, 1))
}
_ANY = late(
    r"(?<![\w-])(?:"
    + "|".join(
        f"(?P<{group}>{'|'.join(_ENDS[name][sign < 0])})" for group, (name, sign) in _GROUPS.items()
    )
    + r")(?!\w)",
    re.IGNORECASE,
)


def without(text: str) -> str:
    """``text`` without the words that stand for an end."""
    return _ANY.sub(" ", text)


def undenied(text: str) -> str:
    """``text`` without the words for an end that have a "no" of their own: "no charge"."""
    return _ANY.sub(lambda match: " " if NEGATION.search(match[0]) else match[0], text)


def stances(text: str) -> dict[str, int]:
    """By the name of a thing, 1 or -1 for the end at which ``text`` is, or 0 for both."""
    found: dict[str, set[int]] = {}
    for match in _ANY.finditer(text):
        name, sign = _GROUPS[str(match.lastgroup)]
        found.setdefault(name, set()).add(sign)
    return {name: sum(signs) for name, signs in found.items()}
