"""How items become the rows of a collection. Pure; ``knowledge.contents`` is the way back.

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
from knowledge.evidence import Evidence, as_record

SHAPE = 1  # raise it when rows are cut or written differently: everything is then written anew
FILTERED = ("sector", "region", "competitor")  # stored without case
FOR_EVER = 9_999_999  # later than any date.toordinal()


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
