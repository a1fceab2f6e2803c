"""Which columns of other people's files mean which of our fields, and one record by our names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from knowledge.evidence import Kind
from knowledge.reading.values import as_number, as_text

Record = dict[str, Any]

# The columns that mean a field; the first one present with a value wins.
FIELDS = {
    "id": "id key ref slug",
    "kind": "kind type category evidence_type",
    "title": "title name headline heading subject",
    "customer": "customer company account account_name client organisation organization",
    "sector": "sector industry vertical industries",
    "region": "region location country geography",
    "size": "size employees company_size headcount number_of_employees segment",
    "competitor": "competitor rival competition versus",
    "criterion": "criterion topic feature capability",
    "us": "us ours our_position",
    "them": "them theirs their_position",
    "advantage": "advantage winner who_is_ahead verdict",
    "truth": "truth",
    "position": "position handling",
    "source": "source link url",
    "owner": "owner",
    "as_of": "as_of date published updated published_at updated_at",
    "valid_until": "valid_until expires expiry expires_at valid_to",
    "visibility": "visibility",
    "label": "label",
    "do_not_say": "do_not_say",
}
_KEYS = {name: tuple(keys.split()) for name, keys in FIELDS.items()}
# What is said, in the order of the record. `text` alone is taken as it stands.
PLAIN = """text body content story description quote testimonial review summary
paragraphs""".split()  # noqa: SIM905  a word list reads better than quoted items
LABELLED = """overview situation background challenge problem approach solution result results
outcome benefits stats figures quotes""".split()  # noqa: SIM905  a word list as above
AUTHOR = ("author", "by", "speaker")
KINDS = {
    Kind.CASE_STUDY: "case_study story success_story customer_story reference case",
    Kind.TESTIMONIAL: "testimonial quote review",
    Kind.COMPETITIVE_FACT: "competitive_fact comparison battlecard competitive competitor",
    Kind.PRODUCT_FACT: "product_fact product fact feature faq",
    Kind.TRACK_RECORD: "track_record award milestone",
    Kind.RUMOUR: "rumour rumor myth",
    Kind.MARKET_FACT: "market_fact market market_research",
}
_PEOPLE = re.compile(r"employee|people|staff|seats|\d\s*(?:[-–+]|to\b)", re.IGNORECASE)
KIND_NAMES = {name: kind for kind, names in KINDS.items() for name in names.split()}


class Given:
    """One record by the names of our fields instead of its columns."""

    def __init__(self, record: Record, chosen: Mapping[str, tuple[str, ...]]) -> None:
        self._record = record
        self._chosen = chosen
        self._taken = {column for columns in chosen.values() for column in columns}
        self._keys: dict[str, str] = {}
        for column, value in record.items():
            if as_text(value):
                self._keys.setdefault(key_of(column), column)

    def column(self, name: str) -> str | None:
        """The column that holds the field ``name``, if one does."""
        if name in self._chosen:
            return next((c for c in self._chosen[name] if self._record.get(c)), None)
        found = (self._keys.get(key) for key in _KEYS[name])
        return next((column for column in found if column and column not in self._taken), None)

    def value(self, name: str) -> Any:
        column = self.column(name)
        return None if column is None else self._record[column]

    def text(self, name: str) -> str | None:
        return as_text(self.value(name)) or None

    def size(self) -> int | None:
        """Employees; a ``segment`` ("Enterprise", "2020") only when it is about people."""
        column, value = self.column("size"), self.value("size")
        if column and key_of(column) == "segment" and not _PEOPLE.search(as_text(value)):
            return None
        return as_number(value)

    def author(self) -> str | None:
        columns = filter(None, (self._keys.get(key) for key in AUTHOR))
        return next((as_text(self._record[column]) for column in columns), None)

    def has(self, *keys: str) -> bool:
        return any(key in self._keys for key in keys)

    def said(self) -> list[tuple[str, str]]:
        """What the record says, as (``text`` or the name of a part, words), in its own order."""
        wanted = self._chosen.get("text")
        if wanted:
            only = len(wanted) == 1
            return [
                ("text" if only else column, as_text(self._record[column]))
                for column in wanted
                if as_text(self._record.get(column))
            ]
        return [
            ("text" if key in PLAIN else key, as_text(self._record[column]))
            for key, column in self._keys.items()
            if key in PLAIN or key in LABELLED
        ]


@lru_cache(maxsize=4_096)  # every record of a file has the same columns
def key_of(column: str) -> str:
    return re.sub(r"[\W_]+", "_", column.casefold()).strip("_")
