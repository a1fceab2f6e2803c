"""How items become the rows of a collection and come back from them. Pure.

A row is a passage. Row ``ID#0`` is its item's authority: it holds the whole record, its content
hash and how many passages it has, and is written last. Whatever a killed process left behind is
therefore seen as "not that hash" and written again; rows of another version never count.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from knowledge.chunking import passages
from knowledge.evidence import Evidence, Filters, Passage, Visibility, as_record

SHAPE = 1  # raise it when rows are cut or written differently: everything is then written anew
FILTERED = ("sector", "region", "competitor")  # stored without case
FOR_EVER = 9_999_999  # later than any date.toordinal()


@dataclass(frozen=True)
class Contents:
    """Everything in the index at one ``generation``; ``passages`` maps row ids to passages."""

    generation: int
    items: dict[str, Evidence]
    hashes: dict[str, str]
    passages: dict[str, Passage]
    stale: dict[str, list[str]]  # rows that belong to no current version, by evidence id


def content_hash(item: Evidence) -> str:
    """The same for the same content, whatever file or row order it came in."""
    record = json.dumps([SHAPE, as_record(item)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(record.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Row:
    id: str
    text: str
    embedded: str
    metadata: dict[str, Any]


def rows_of(item: Evidence, digest: str) -> list[Row]:
    """The rows of ``item``, its authority (``#0``) last."""
    spans = passages(item.text) or [(0, len(item.text))]
    shared = {
        "evidence_id": item.id,
        "hash": digest,
        "kind": item.kind.value,
        "visibility": item.visibility.value,
        **{field: value.casefold() for field in FILTERED if (value := getattr(item, field))},
        "valid_until": item.valid_until.toordinal() if item.valid_until else FOR_EVER,
    }
    rows = []
    for number, (start, end) in enumerate(spans):
        text = item.text[start:end]
        rows.append(
            Row(
                id=f"{item.id}#{number}",
                text=text,
                embedded=text if item.title in text else f"{item.title}\n{text}",
                metadata={**shared, "start": start, "end": end, "passage": number},
            )
        )
    rows[0].metadata.update(passages=len(rows), record=json.dumps(as_record(item)))
    return rows[::-1]


def contents_of(generation: int, found: dict[str, Any]) -> Contents:
    rows = list(zip(found["ids"], found["metadatas"], strict=True))
    heads = {data["evidence_id"]: data for _, data in rows if "record" in data}
    items = {key: Evidence.model_validate_json(heads[key]["record"]) for key in sorted(heads)}
    current: dict[str, Passage] = {}
    stale: dict[str, list[str]] = {}
    counted: dict[str, int] = dict.fromkeys(items, 0)
    for row, data in sorted(rows, key=lambda pair: (pair[1]["evidence_id"], pair[1]["passage"])):
        key, head = data["evidence_id"], heads.get(data["evidence_id"])
        if head is None or head["hash"] != data["hash"]:
            stale.setdefault(key, []).append(row)
            continue
        span = (data["start"], data["end"])
        current[row] = Passage(items[key], items[key].text[span[0] : span[1]], span)
        counted[key] += 1
    hashes = {  # an item with rows missing is as good as changed
        key: head["hash"] for key, head in heads.items() if counted[key] == head["passages"]
    }
    return Contents(generation, items, hashes, current, stale)


def where(filters: Filters) -> dict[str, Any] | None:
    """``filters`` in Chroma's words, or None when they narrow nothing."""
    parts: list[dict[str, Any]] = []
    if filters.kinds:
        parts.append({"kind": {"$in": [kind.value for kind in filters.kinds]}})
    for field in FILTERED:
        value = getattr(filters, field)
        if value:
            parts.append({field: value.casefold()})
    if filters.quotable_on:
        parts.append({"visibility": Visibility.PUBLIC.value})
        parts.append({"valid_until": {"$gte": filters.quotable_on.toordinal()}})
    return {"$and": parts} if len(parts) > 1 else next(iter(parts), None)
