"""Other people's records to Evidence: which column means what, and what had to be guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import ValidationError

from knowledge.chunking import sentences
from knowledge.errors import InvalidEvidence
from knowledge.evidence import Advantage, Evidence, Kind
from knowledge.reading.advantage import advantage_of, vendor_of
from knowledge.reading.fields import FIELDS, KIND_NAMES, Given, Record, key_of
from knowledge.reading.values import as_choice, as_date, as_phrases

LONGEST_TEXT = 5_000_000  # characters of one item: a book of 1,500 pages


@dataclass(frozen=True)
class Mapping:
    """Which columns hold which field, where the names don't say it; ``vendor`` is our own name."""

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kind: Kind | None = None
    vendor: str | None = None

    @classmethod
    def load(cls, path: Path) -> Mapping:
        """From YAML: ``field: column`` (for ``text`` also a list), ``vendor: name``.

        ``kind`` may name a kind instead of a column.
        """
        try:
            text = path.read_text("utf-8")
        except (OSError, ValueError) as error:
            raise InvalidEvidence(f"{path}: the mapping can't be read ({_line(error)})") from error
        return cls.parsed(text, str(path))

    @classmethod
    def parsed(cls, text: str, path: str) -> Mapping:
        """The same from the YAML itself; ``path`` is what messages call it."""
        try:
            given = yaml.safe_load(text)
        except (ValueError, yaml.YAMLError, RecursionError) as error:
            raise InvalidEvidence(
                f"{path}: the mapping can't be read as YAML ({_line(error)})"
            ) from error
        if not isinstance(given, dict):
            raise InvalidEvidence(f"{path}: a mapping has lines of the form `title: Account name`")
        kind = KIND_NAMES.get(key_of(str(given.get("kind", ""))))
        columns = {
            str(target): tuple(map(str, source if isinstance(source, list) else [source]))
            for target, source in given.items()
            if target != "vendor" and not (target == "kind" and kind)
        }
        unknown = sorted(set(columns) - set(FIELDS) - {"text"})
        if unknown:
            raise InvalidEvidence(
                f"{path}: no field is called {unknown[0]!r}; there are text, {', '.join(FIELDS)}"
            )
        return cls(columns, kind, str(given["vendor"]) if given.get("vendor") else None)

    def missing(self, columns: Iterable[str]) -> list[str]:
        """The columns this mapping names that ``columns`` lacks."""
        there = set(columns)
        return [name for names in self.columns.values() for name in names if name not in there]


class Reading:
    """How the records of one file are read; knows what only the whole file can tell."""

    def __init__(self, records: Sequence[Record], mapping: Mapping | None = None) -> None:
        self._mapping = mapping or Mapping()
        given = [Given(record, self._mapping.columns) for record in records]
        comparisons = [
            {name: one.text(name) for name in ("competitor", "us", "them", "advantage")}
            for one in given
        ]
        self._vendor = self._mapping.vendor or vendor_of(comparisons)

    def evidence(self, record: Record, fallback_id: str, guesses: Record | None = None) -> Evidence:
        """The item in ``record``. Raises ``InvalidEvidence`` with the field and what is wrong.

        ``guesses`` fill fields that the record doesn't state, and are marked as inferred.
        """
        stated = Given(record, self._mapping.columns)
        used = {name: value for name, value in (guesses or {}).items() if not stated.column(name)}
        given = Given({**used, **record}, self._mapping.columns) if used else stated
        made: Record = {"id": given.text("id") or fallback_id}
        inferred = [] if given.text("id") else ["id"]
        made["kind"] = self._kind(given, inferred)
        for name in ("customer", "sector", "region", "competitor", "criterion"):
            made[name] = given.text(name)
        for name in ("us", "them", "source", "owner", "position"):
            made[name] = given.text(name)
        made["size"] = given.size()
        for name in ("as_of", "valid_until"):
            made[name] = as_date(name, given.value(name))
        for name in ("truth", "visibility", "label"):
            made[name] = as_choice(name, given.value(name))
        made["do_not_say"] = as_phrases(given.value("do_not_say"))
        if made["kind"] is Kind.COMPETITIVE_FACT:
            made["advantage"] = self._advantage(given, inferred)
        if made["kind"] is Kind.CASE_STUDY and not made["customer"]:
            made["customer"] = _customer_in_title(given, inferred)
        made["text"] = self._text(given, made) or _named(given, made, inferred)
        made["title"] = given.text("title") or _title(given, made, inferred)
        inferred += [name for name in used if name in Evidence.model_fields]
        made["inferred"] = tuple(dict.fromkeys(inferred))
        return _validated({name: value for name, value in made.items() if value is not None})

    def _kind(self, given: Given, inferred: list[str]) -> Kind:
        if self._mapping.kind:
            return self._mapping.kind
        said = given.text("kind") or ""
        known = KIND_NAMES.get(key_of(said))
        if known:
            return known
        if said and (
            key_of(given.column("kind") or "") == "kind" or "kind" in self._mapping.columns
        ):
            raise InvalidEvidence(
                f"kind: {said!r} is none of {', '.join(kind.value for kind in Kind)}"
            )
        inferred.append("kind")
        return _likely_kind(given)

    def _advantage(self, given: Given, inferred: list[str]) -> Advantage:
        said = given.text("advantage")
        if said is None:
            return Advantage.UNSTATED
        if said.casefold() in set(Advantage):
            return Advantage(said.casefold())
        inferred.append("advantage")
        return advantage_of(said, given.text("competitor"), self._vendor)

    def _text(self, given: Given, made: Record) -> str:
        """What the record says, a paragraph a part; `text` alone stays as it stands."""
        parts = given.said()
        paragraphs = [words if name == "text" else _labelled(name, words) for name, words in parts]
        sides = self._sides(made, "\n".join(paragraphs))
        composed = bool(sides) or any(name != "text" for name, _ in parts)
        paragraphs += sides
        if not paragraphs:
            return ""
        said = given.text("advantage")
        if said and (composed or said not in set(Advantage)):
            paragraphs.append(f"Advantage: {said}")
        if given.value("size") and made["size"] is None:
            paragraphs.append(_labelled(given.column("size") or "", given.text("size") or ""))
        customer = made["customer"]
        if given.author():
            paragraphs.append("— " + ", ".join(filter(None, [given.author(), customer])))
        elif composed and customer and customer not in "\n".join(paragraphs):
            paragraphs.insert(0, f"Customer: {customer}")
        return "\n\n".join(paragraphs)

    def _sides(self, made: Record, text: str) -> list[str]:
        """``us`` and ``them`` as paragraphs, where ``text`` doesn't hold them already."""
        names = {"us": self._vendor or "Us", "them": made["competitor"] or "Them"}
        return [
            f"{name}: {made[side]}"
            for side, name in names.items()
            if made[side] and made[side] not in text
        ]


def _likely_kind(given: Given) -> Kind:
    if given.value("truth") is not None:
        return Kind.RUMOUR
    if given.value("competitor") or (given.value("us") and given.value("them")):
        return Kind.COMPETITIVE_FACT
    if given.has("quote", "testimonial", "review"):
        return Kind.TESTIMONIAL
    if given.value("customer") or given.has(
        "challenge", "problem", "solution", "result", "results"
    ):
        return Kind.CASE_STUDY
    return Kind.PRODUCT_FACT


def _customer_in_title(given: Given, inferred: list[str]) -> str | None:
    """A case study that tells a sector, place or size but no customer is named for the customer."""
    title = given.text("title")
    described = any(given.value(name) for name in ("sector", "region", "size"))
    if not (title and described and len(title.split()) <= 5):
        return None
    inferred.append("customer")
    return title


def _named(given: Given, made: Record, inferred: list[str]) -> str:
    """A record that says its kind and a name but nothing else is a reference by name."""
    name = made["customer"] or given.text("title")
    if not name or "kind" in inferred:
        return ""
    inferred.append("text")
    where = ", ".join(filter(None, [made["sector"], made["region"]]))
    return f"{name} ({where})" if where else str(name)


def _title(given: Given, made: Record, inferred: list[str]) -> str:
    inferred.append("title")
    if made["competitor"] and made["criterion"]:
        return f"{made['competitor']}: {made['criterion']}"
    named = ", ".join(filter(None, [given.author(), made["customer"]]))
    if named:
        return named[:300]
    if made["criterion"]:
        return str(made["criterion"])[:300]
    text: str = made["text"]
    start, end = next(iter(sentences(text)), (0, len(text)))
    return " ".join(text[start:end].split())[:80]


def _labelled(name: str, words: str) -> str:
    label = re.sub(r"[_\s]+", " ", name).strip().capitalize()
    return f"{label}:\n{words}" if "\n" in words else f"{label}: {words}"


def _validated(made: Record) -> Evidence:
    if len(made["text"]) > LONGEST_TEXT:
        raise InvalidEvidence(f"its text is longer than {LONGEST_TEXT:,} characters: split it")
    if not made["text"]:
        raise InvalidEvidence(
            "nothing is said in it: no column was recognised as text "
            "(text, quote, challenge, result ...); name yours in a mapping file"
        )
    try:
        return Evidence.model_validate(made)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidEvidence(f"{where}: {first['msg']}" if where else first["msg"]) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
