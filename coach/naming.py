"""Who and what is named: customers, competitors and products as the evidence calls them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from coach.cues import GLUE
from knowledge.evidence import Evidence

_TOKEN = re.compile(r"[^\W_]+(?:[’'&.-][^\W_]+)*|&")
_LOWER = re.compile(r"(?<![\w’'])[a-z][a-zà-ÿ]{2,}")
_POSSESSIVE = re.compile(r"[’']s?$")
# Capitals that name nobody: what starts a sentence is left out by its place.
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


@dataclass(frozen=True)
class Mentions:
    """The names in one stretch of text; ``unknown`` are names that no evidence has."""

    customers: frozenset[str] = frozenset()
    competitors: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    vendor: bool = False
    unknown: frozenset[str] = frozenset()

    @property
    def any_known(self) -> bool:
        return bool(self.customers or self.competitors or self.products or self.vendor)


@dataclass
class _Entry:
    kind: str
    name: str
    tokens: tuple[str, ...]
    capital: bool  # only where it is written with one


@dataclass
class Names:
    """All names of a knowledge base, found in a text word by word."""

    vendor: str
    short: str
    by_first: dict[str, list[_Entry]] = field(default_factory=dict)
    vocabulary: frozenset[str] = frozenset()
    ordinary: frozenset[str] = frozenset()

    @classmethod
    def of(cls, items: Sequence[Evidence], vendor: str) -> Names:
        names = cls(vendor=vendor, short=(_TOKEN.findall(vendor) or [vendor])[0])
        texts = [f"{item.title}\n{item.text}" for item in items]
        names.ordinary = frozenset(w for text in texts for w in _LOWER.findall(text))
        names.vocabulary = frozenset(
            _bare(token) for text in texts for token in _TOKEN.findall(text)
        )
        names._add_vendor(texts)
        names._add("competitor", {i.competitor for i in items if i.competitor})
        names._add("customer", {i.customer for i in items if i.customer})
        return names

    def find(self, text: str) -> Mentions:
        tokens = list(_TOKEN.finditer(text))
        found: dict[str, set[str]] = {
            "customer": set(), "competitor": set(), "product": set(), "vendor": set(), "unknown": set()
        }  # fmt: skip
        position = 0
        while position < len(tokens):
            entry = self._at(tokens, position)
            if entry is None and self._strange(text, tokens, position):
                word = tokens[position].group()
                entry = self._misspelt(word)
                if entry is None:
                    found["unknown"].add(_POSSESSIVE.sub("", word))
            if entry:
                found[entry.kind].add(entry.name)
            position += len(entry.tokens) if entry else 1
        return Mentions(
            frozenset(found["customer"]), frozenset(found["competitor"]), frozenset(found["product"]),
            bool(found["vendor"] or found["product"]), frozenset(found["unknown"]),
        )  # fmt: skip

    def _at(self, tokens: Sequence[re.Match[str]], position: int) -> _Entry | None:
        first = tokens[position].group()
        for entry in self.by_first.get(_bare(first), ()):
            words = tokens[position : position + len(entry.tokens)]
            same = tuple(_bare(word.group()) for word in words) == entry.tokens
            if same and (first[0].isupper() or not entry.capital):
                return entry
        return None

    def _strange(self, text: str, tokens: Sequence[re.Match[str]], position: int) -> bool:
        """True for a capital in the middle of a sentence on a word that no evidence has."""
        token = tokens[position]
        word, bare = token.group(), _bare(token.group())
        if not word[0].isupper() or len(word) < 3 or bare in GLUE or bare in _NOBODY:
            return False
        if bare in self.vocabulary or bare.rstrip("s") in self.vocabulary:
            return False
        before = text[: token.start()].rstrip(" \"'“‘(*_")
        following = text[token.end() : token.end() + 2].strip()
        starts = not before or before[-1] in ".!?:;\n…–—"
        vocative = before.endswith(",") and (not following or following[0] in ",.!?")
        companion = position + 1 < len(tokens) and tokens[position + 1].group()[0].isupper()
        return not vocative and (not starts or companion or _looks_like_subject(text, token.end()))

    def _misspelt(self, word: str) -> _Entry | None:
        bare = _bare(word)
        if len(bare) < _SURE_ALIAS:
            return None
        near = get_close_matches(bare, self.by_first, n=1, cutoff=0.85)
        entries = self.by_first[near[0]] if near else []
        return next((entry for entry in entries if len(entry.tokens) == 1), None)

    def _add_vendor(self, texts: Sequence[str]) -> None:
        pattern = re.compile(rf"\b{re.escape(self.short)} ([A-Z][a-z]+)\b")
        seen = Counter(word for text in texts for word in set(pattern.findall(text)))
        self._enter("vendor", self.vendor, self.vendor)
        self._enter("vendor", self.vendor, self.short)
        for word, times in seen.items():
            if times > 2 and f"{self.short} {word}" != self.vendor:
                self._enter("product", f"{self.short} {word}", f"{self.short} {word}")

    def _add(self, kind: str, names: Iterable[str]) -> None:
        ordered = sorted(names)
        uses = Counter(
            token for name in ordered for token in {_bare(t) for t in _TOKEN.findall(name)}
        )
        for name in ordered:
            tokens = _TOKEN.findall(name)
            self._enter(kind, name, name)
            for place, token in enumerate(tokens):
                bare = _bare(token)
                if (
                    len(tokens) > 1 and len(bare) >= _SHORTEST_ALIAS and uses[bare] == 1
                    and bare not in self.ordinary and bare not in GLUE
                ):  # fmt: skip
                    self._enter(kind, name, token, capital=place > 0 or len(bare) < _SURE_ALIAS)

    def _enter(self, kind: str, name: str, alias: str, capital: bool = False) -> None:
        tokens = tuple(_bare(token) for token in _TOKEN.findall(alias))
        if not tokens:
            return
        entries = self.by_first.setdefault(tokens[0], [])
        entries.append(_Entry(kind, name, tokens, capital))
        entries.sort(key=lambda entry: -len(entry.tokens))


def _bare(token: str) -> str:
    return _POSSESSIVE.sub("", token).casefold()


def _looks_like_subject(text: str, end: int) -> bool:
    """True when a verb follows the word that starts a sentence: "Vodatel cut its costs"."""
    return bool(
        re.match(
            r"(?:[’']s)? (?:is|are|was|were|has|have|had|does|did|uses?|used|cut|saved?|saw|moved|"
            r"switched|reduced|runs?|offers?|went|left|stayed|chose|told|costs?|can|will|charges?|"
            r"requires?|includes?|takes|needs|only|also)\b",
            text[end : end + 16],
        )
    )
