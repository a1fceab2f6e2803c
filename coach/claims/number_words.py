"""How amounts, shares, durations, dates and counts are written: tables and patterns."""

from __future__ import annotations

import re

I = re.IGNORECASE  # noqa: E741  read in the patterns below

# Numbers in words

_TO_NINETEEN = """zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL = {word: number for number, word in enumerate(_TO_NINETEEN.split())} | {
    word: 20 + 10 * place for place, word in enumerate(_TENS.split())
}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
SUFFIXES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "bn": 1e9} | {
    word: float(number) for word, number in SCALES.items()
}

# Units

SECONDS = {
    "second": 1.0, "sec": 1.0, "minute": 60.0, "min": 60.0, "hour": 3_600.0, "hr": 3_600.0,
    "day": 86_400.0, "week": 604_800.0, "fortnight": 1_209_600.0, "month": 2_629_800.0,
    "year": 31_557_600.0, "yr": 31_557_600.0,
}  # fmt: skip
CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP",
    "pound": "GBP", "pounds": "GBP", "quid": "GBP", "$": "USD", "usd": "USD", "dollar": "USD",
    "dollars": "USD",
}  # fmt: skip
_MONTHS = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
    "august aug", "september sep sept", "october oct", "november nov", "december dec",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

# Parts of patterns

_WORD = "|".join(SMALL)
_BELOW_HUNDRED = rf"(?:{_WORD})(?:[ -](?:{_WORD}))?"
_SPELLED = (
    rf"(?:{_BELOW_HUNDRED}(?:\s+hundred(?:\s+and\s+{_BELOW_HUNDRED})?)?"
    r"(?:\s+(?:thousand|million|billion))?"
    r"|(?:a|one)\s+(?:hundred|thousand|million|dozen)|a dozen)"
)
_DIGITS = r"[0-9]{1,3}(?:[,  ’'][0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]{1,3})?"
NUMBER = rf"(?:{_DIGITS}|\b{_SPELLED}\b)"
_SUFFIX = r"(?:\s?(?:k|mn|mio|bn|m)\b|\s+(?:thousand|million|billion|hundred)\b)?"
_TIME = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|fortnights?|months?|years?|yrs?)"
)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)[0-9]{2}"

# Patterns, from the most to the least particular

ALL_DAY = re.compile(
    r"\b24\s?[/x]\s?7\b"
    r"|\b(?:24|twenty[- ]four)[ -]hours? (?:a|per) day"
    r"(?:,? (?:and )?(?:7|seven) days (?:a|per) week)?"
    r"|\b(?:a)?round[- ]the[- ]clock\b|\bday and night\b|\bnight and day\b|\bat any hour\b",
    I,
)
OFFICE_HOURS = re.compile(
    r"\b(?:business|office|working)[ -]hours\b|\bnine[- ]to[- ]five\b|\b9[- ]to[- ]5\b"
    r"|\b[0-9]{1,2}:[0-9]{2} (?:to|until|till) [0-9]{1,2}:[0-9]{2}\b",
    I,
)
CLOCK = re.compile(
    rf"\bat (?:{_WORD})(?: (?:o['’]clock|in the (?:morning|afternoon|evening)|at night|on|that)\b"
    r"|(?=[,.]|$|\s+in\b))|\bas of (?:\w+ )?(?:19|20)[0-9]{2}\b|\b[0-9]{1,2}:[0-9]{2}\b"
    r"|\b[0-9]{1,2} ?(?:am|pm|o['’]clock)\b"
    rf"|\bfrom (?:{_WORD}|[0-9]{{1,2}}) (?:to|till|until) (?:{_WORD}|[0-9]{{1,2}})"
    r"(?= (?:on |every |each |at |in the |[A-Z][a-z]+ time))",
    I,
)
DATES = re.compile(
    rf"\b(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})\b\.?,?\s*"
    rf"(?P<y1>{_YEAR})?\b"
    rf"|\b(?P<m2>{_MONTH})\s+(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y2>{_YEAR})\b)?"
    rf"(?![0-9])"
    rf"|\b(?P<m3>{_MONTH})\s+(?:of\s+)?(?P<y3>{_YEAR})\b"
    rf"|\b(?P<y4>{_YEAR})\b(?!\s*(?:users|customers|people|employees|EUR|GBP|%))",
    I,
)
BARE_MONTH = re.compile(
    r"\b(?:in|since|by|until|of|last|early|late|mid)[ -]"
    r"(January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
MONEY = re.compile(
    rf"(?P<sign>[€£$]|\b(?:EUR|GBP|USD)\b)\s?(?P<n1>{NUMBER})(?P<s1>{_SUFFIX})"
    rf"|(?P<n2>{NUMBER})(?P<s2>{_SUFFIX})\s?"
    r"(?P<word>€|£|\$|\b(?:EUR|GBP|USD|euros?|pounds?|quid|dollars?)\b)",
    I,
)
SHARE = re.compile(rf"(?P<n>{NUMBER})\s?(?:%|per ?cent\b|percent\b|pct\b|percentage points?\b)", I)
#: "One call in ten", "three clinics in five", and not "three clinics in five countries".
SOME_IN = re.compile(
    rf"\b(?:(?:one|1|every)(?: \w+)? in (?P<n>{NUMBER})"
    rf"|(?P<some>two|three|four|five|six|seven|eight|nine)(?: \w+)? in (?P<of>{NUMBER})"
    r"(?! [a-z]+s))\b",
    I,
)
#: Of a group, and not "most of it" or "the most expensive".
MOST = re.compile(
    r"(?<!the )\bmost (?:of (?:our|the|its|their|these|those) )?(?!of\b|\w+ly\b)"
    r"(?:[a-z]+ )?[a-z]+s\b"
    r"|\bthe majority\b",
    I,
)
RATIO = re.compile(
    rf"(?P<a>{NUMBER})\s*(?:(?:out )?of (?:the |its |our |their |all )?|/)\s?"
    rf"(?P<b>{NUMBER})(?![0-9%])",
    I,
)
LONG = re.compile(
    rf"(?P<n>{NUMBER})(?P<half> and a half)?(?:\s|-)?"
    r"(?:(?:working|business|calendar|quiet|full|whole)[ -])?"
    rf"(?P<u>{_TIME})\b(?!['’]s)",
    I,
)
A_UNIT = re.compile(
    r"\bhalf (?:an? )(?P<half>day|hour|minute|year)\b"
    r"|\b(?:within|in|under|than) (?P<one>(?:an?|one) (?P<unit>hour|minute|day|week|month|year))\b",
    I,
)
VAGUE_TIME = re.compile(
    r"\b(?:within|in|takes?|a matter of|just|only) (?:just |only |a few |a couple of )?"
    r"(?P<u>seconds|minutes|hours|days|weeks|months)\b",
    I,
)
FRACTIONS = (
    (re.compile(r"\btwo[ -]thirds\b", I), 66.7),
    (re.compile(r"\bthree[ -]quarters\b", I), 75.0),
    (
        re.compile(
            r"\b(?:a|one)[ -]third\b"
            r"(?! (?:person|party|time|way|one|attempt|option|country|partner|question|thing)\b)",
            I,
        ),
        33.3,
    ),
    (re.compile(r"\ba fifth\b", I), 20.0),
    (re.compile(r"\ba quarter (?=of\b(?! an hour)|less|fewer|more|cheaper|faster)", I), 25.0),
    (
        re.compile(r"\bhalved\b|\b(?:by|in) half\b|\bhalf (?=(?:of|the|our|their|were|are)\b)", I),
        50.0,
    ),
)
MULTIPLES = (
    (
        re.compile(r"\bdoubl(?:e|ed|es|ing)\b|\btwice(?= (?:as|the|what|that|our|their|its)\b)", I),
        2.0,
    ),
    (re.compile(r"\b(?:tripl(?:e|ed|es|ing)|three times)\b", I), 3.0),
)
PLAIN = re.compile(rf"(?<![\w.,])(?<!ISO )(?<!page )(?P<n>{NUMBER})(?P<s>{_SUFFIX})(?![\w%])", I)
# Before a number that counts nothing new: "those two", "not thirty", "instead of nine".
NO_COUNT = re.compile(
    r"\b(?:those|these|the (?:other|last|first|next)|both|not|instead of|rather than|day|week|step"
    r"|chapter|question|point|number|option|plan [a-z]?)\s+$",
    I,
)
JUST = re.compile(r"\b(?:just|only|exactly)\s+$", I)
COUNTED = re.compile(r"\s*((?:[^\W\d_][\w&’'-]*[ ]?){1,4})")

# What stands between or before figures

PAIR = re.compile(
    r"\s*(?:%|percent|per cent)?\s*(?:down |up )?(?:to|and|-|–|—|→|->|or|against|versus|vs\.?)\s*"
    r"(?:just |only |about )?$",
    I,
)
FROM_TO = re.compile(
    r"\s*(?:\w+\s){0,3}?(?:down |up )?(?:to|-|–|→|->)\s*"
    r"(?:just |only |about |nearly |under |over |less than |more than |well )*$",
    I,
)
FROM_FAR = re.compile(r"\bfrom\s+$", I)
TO_FAR = re.compile(r"\sto\s+$", I)
#: What an amount is paid for, in the words that follow it.
PERIOD = re.compile(
    r"(?:[^,.;:]{0,30}?\b(?:a|per|each|every))? ?\b(months?|years?|monthly|yearly|annually|once)\b",
    I,
)
PERIODS = {
    "month": "month", "monthly": "month", "year": "year", "yearly": "year", "annually": "year",
    "once": "once",
}  # fmt: skip
MINUTES = re.compile(r"min(?:ute)?s?$", I)
TIME_UNIT = re.compile(rf"{_TIME}\b", I)
UP_TO = re.compile(r"\b(?:up to|as much as|as many as|at most|a maximum of|maximum|max\.?)\s*$", I)
AT_LEAST = re.compile(r"\b(?:at least|a minimum of|minimum|no fewer than|not less than)\s*$", I)
UNDER = re.compile(
    r"\b(?:less than|under|below|within|fewer than|no more than|not more than)\s*$", I
)
OVER = re.compile(r"\b(?:more than|over|above|beyond|upwards of|north of)\s*$", I)
ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|some|nearly|almost|close to|circa"
    r"|just over|just under|a little over|a little under|like)|~)\s*$",
    I,
)
