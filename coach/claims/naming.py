"""Who and what is named: customers, competitors and products as the evidence calls them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from coach.claims.patterns import opening
from coach.perception.cues.language import GLUE
from knowledge.evidence import Evidence

_TOKEN = re.compile(r"[^\W_]+(?:[’'&.-][^\W_]+)*|&")
_LOWER = re.compile(r"(?<![\w’'])[a-z][a-zà-ÿ]{2,}")
_POSSESSIVE = re.compile(r"[’']s?$")
# Capitals that name nobody.
_NOBODY = frozenset(
    """i monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december christmas easter new year ceo cfo cio cto
    coo it hr ai api apis sla slas roi crm erp sip voip pbx pabx pstn iso gdpr eu uk us usa ok okay
    tv faq pdf csv wav kpi kpis lte wifi mos tco poc nda mr mrs ms dr english german french dutch
    spanish portuguese swedish norwegian danish italian europe germany austria switzerland norway
    sweden denmark finland spain portugal belgium netherlands luxembourg ireland britain england
    scotland wales france italy nordics iberia benelux dach european q1 q2 q3 q4 sso mfa 2fa ivr
    eur gbp usd internet covid cc re ps fyi btw asap""".split()  # noqa: SIM905  a word list
)
_SHORTEST_ALIAS, _SURE_ALIAS = 4, 6
_SPELT_ALIKE = 0.85
_PRODUCT_MENTIONS = 3
_VERB_FOLLOWS = opening(
    r"(?:[’']s)? (?:is|are|was|were|has|have|had|does|did|uses?|used|cut|saved?|saw|moved|switched"
    r"|reduced|runs?|offers?|went|left|stayed|chose|told|costs?|can|will|charges?|requires?"
    r"|includes?|takes|needs|named|relies|rely|recommends?)\b"
)


@dataclass(frozen=True)
class Mentions:
    """The names in one stretch of text; ``unknown`` are names that no evidence has."""

    customers: frozenset[str] = frozenset()
    competitors: frozenset[str] = frozenset()
    vendor: bool = False  # by its name or a product's
    unknown: frozenset[str] = frozenset()

    @property
    def any(self) -> bool:
        return bool(self.customers or self.competitors or self.vendor or self.unknown)

    def unknown_besides(self, words: frozenset[str]) -> bool:
        """True when a name that no evidence has is not of ``words``."""
        return any(_bare(name) not in words for name in self.unknown)


@dataclass(frozen=True)
class _Alias:
    kind: str
    name: str
    tokens: tuple[str, ...]
    capital: bool  # only where it is written with one


class Names:
    """All names of a knowledge base, found in a text word by word."""

    def __init__(self, items: Sequence[Evidence], vendor: str) -> None:
        texts = [f"{item.title}\n{item.text}" for item in items]
        self.vendor = vendor
        self.short = next(iter(_TOKEN.findall(vendor)), vendor)
        self.tokens = frozenset(_bare(token) for token in _TOKEN.findall(vendor))
        self._aliases: dict[str, list[_Alias]] = {}
        self._lower = frozenset(word for text in texts for word in _LOWER.findall(text))
        sources = [item.source for item in items if item.source]
        self._known = frozenset(word for text in (*texts, *sources) for word in words_of(text))
        self._add_vendor(texts)
        self._add("competitor", {item.competitor for item in items if item.competitor})
        self._add("customer", {item.customer for item in items if item.customer})

    def knowing(self, text: str) -> Names:
        """These names; what ``text`` names isn't strange either."""
        if not text:
            return self
        more = copy(self)
        more._known |= _remembered_words(text)
        return more

    def find(self, text: str) -> Mentions:
        tokens = list(_TOKEN.finditer(text))
        found: dict[str, set[str]] = {}
        place = 0
        while place < len(tokens):
            alias = self._at(tokens, place)
            if alias is None and self._strange(text, tokens, place):
                word = tokens[place].group()
                alias = self._misspelt(word)
                if alias is None:
                    found.setdefault("unknown", set()).add(_POSSESSIVE.sub("", word))
            if alias:
                found.setdefault(alias.kind, set()).add(alias.name)
            place += len(alias.tokens) if alias else 1
        return Mentions(
            customers=frozenset(found.get("customer", ())),
            competitors=frozenset(found.get("competitor", ())),
            vendor="vendor" in found,
            unknown=frozenset(found.get("unknown", ())),
        )

    def _at(self, tokens: Sequence[re.Match[str]], place: int) -> _Alias | None:
        first = tokens[place].group()
        for alias in self._aliases.get(_bare(first), ()):
            words = tokens[place : place + len(alias.tokens)]
            same = tuple(_bare(word.group()) for word in words) == alias.tokens
            if same and (first[0].isupper() or not alias.capital):
                return alias
        return None

    def _strange(self, text: str, tokens: Sequence[re.Match[str]], place: int) -> bool:
        """True for a name that no evidence has: a capital where grammar asks for none."""
        token = tokens[place]
        word, bare = token.group(), _bare(token.group())
        if not word[0].isupper() or len(word) < 3 or bare in GLUE or bare in _NOBODY:
            return False
        head = bare.split("-")[0]  # "Japanese-speaking" names nobody that "Japanese" doesn't
        if head in _NOBODY or {bare, bare.rstrip("s"), head} & self._known:
            return False
        before = text[: token.start()].rstrip(" \"'“‘(*_")
        following = text[token.end() : token.end() + 2].strip()
        if before.endswith(",") and (not following or following[0] in ",.!?"):
            return False  # who is spoken to
        if before and before[-1] not in ".!?:;\n…–—":
            return True
        if following.startswith(","):
            return False  # "Sorry, I ...", "Honestly, we ..."
        companion = place + 1 < len(tokens) and tokens[place + 1].group()[0].isupper()
        return companion or bool(_VERB_FOLLOWS.match(text[token.end() : token.end() + 20]))

    def _misspelt(self, word: str) -> _Alias | None:
        bare = _bare(word)
        if len(bare) < _SURE_ALIAS:
            return None
        near = get_close_matches(bare, self._aliases, n=1, cutoff=_SPELT_ALIKE)
        aliases = self._aliases[near[0]] if near else []
        return next((alias for alias in aliases if len(alias.tokens) == 1), None)

    def _add_vendor(self, texts: Sequence[str]) -> None:
        self._enter("vendor", self.vendor, self.vendor)
        self._enter("vendor", self.vendor, self.short)
        product = re.compile(rf"\b{re.escape(self.short)} ([A-Z][a-z]+)\b")
        seen = Counter(word for text in texts for word in set(product.findall(text)))
        for word, times in seen.items():
            if times >= _PRODUCT_MENTIONS:
                self._enter("vendor", self.vendor, f"{self.short} {word}")

    def _add(self, kind: str, names: Iterable[str]) -> None:
        split = {name: _TOKEN.findall(name) for name in sorted(names)}
        uses = Counter(bare for tokens in split.values() for bare in {_bare(t) for t in tokens})
        for name, tokens in split.items():
            self._enter(kind, name, name)
            for place, token in enumerate(tokens if len(tokens) > 1 else ()):
                bare = _bare(token)
                distinct = uses[bare] == 1 and bare not in self._lower and bare not in GLUE
                if distinct and len(bare) >= _SHORTEST_ALIAS:
                    self._enter(kind, name, token, place > 0 or len(bare) < _SURE_ALIAS)

    def _enter(self, kind: str, name: str, alias: str, capital: bool = False) -> None:
        tokens = tuple(_bare(token) for token in _TOKEN.findall(alias))
        if tokens:
            aliases = self._aliases.setdefault(tokens[0], [])
            aliases.append(_Alias(kind, name, tokens, capital))
            aliases.sort(key=lambda entry: -len(entry.tokens))


def words_of(text: str) -> frozenset[str]:
    """The words of ``text`` in lower case, without a possessive "s"."""
    return frozenset(_bare(token) for token in _TOKEN.findall(text))


_remembered_words = lru_cache(maxsize=32)(words_of)


def _bare(token: str) -> str:
    return _POSSESSIVE.sub("", token).casefold()
