"""Evidence sent in: stored at once, read in the background, reported file by file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import Asking, ImportId, TheLibrary
from api.receiving import as_key, key_of, received
from api.schemas_evidence import Short
from api.schemas_imports import Accepted, Import, Imports

router = APIRouter(prefix="/v1", tags=["knowledge"])

_ITEM = {"allOf": [{"$ref": "#/components/schemas/EvidenceGiven"}], "required": ["id"]}
_LABELS = {"type": "array", "items": {"type": "string"}}
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": (
                                ".md .txt .csv .xlsx .json .jsonl .html .pdf .docx .pptx, "
                                "or a .zip of these"
                            ),
                        },
                        "mapping": {
                            "type": "string",
                            "description": "YAML, `field: column`, where the columns don't say it",
                        },
                        "origin": {**_LABELS, "description": "what tells each file from others"},
                        "place": {**_LABELS, "description": "each file's path in its folder"},
                        "roots": {
                            **_LABELS,
                            "description": (
                                "of what came from below these folders before, what isn't in "
                                "`files` or `present` is removed"
                            ),
                        },
                        "deleted": {**_LABELS, "description": "files that are gone"},
                        "blind": {**_LABELS, "description": "but nothing below these"},
                        "present": {
                            "type": "string",
                            "description": "a JSON list of origins, as text or as a file",
                        },
                    },
                }
            },
            "application/json": {
                "schema": {
                    "oneOf": [
                        _ITEM,
                        {
                            "type": "object",
                            "required": ["items"],
                            "properties": {"items": {"type": "array", "items": _ITEM}},
                        },
                    ]
                }
            },
        },
    },
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "maxLength": 200},
            "description": "sent again with the same content, the first answer comes again",
        }
    ],
}


@router.post("/evidence", status_code=202, openapi_extra=UPLOAD)
async def send_evidence(
    request: Request, asking: Asking, library: TheLibrary, response: Response
) -> Accepted:
    """Files (multipart) or items (JSON). When this answers they are stored, come what may."""
    key = key_of(request)
    with library.receiving(asking, key):
        async with received(request) as given:
            if given.items:
                job = await library.take_items(asking, given.items, as_key(key, given))
            else:
                job = await library.take_files(asking, given.delivery, as_key(key, given))
    response.headers["Location"] = f"/v1/imports/{job.id}"
    return Accepted.of(job)


@router.get("/imports")
async def list_imports(
    asking: Asking,
    library: TheLibrary,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[Short | None, Query()] = None,
) -> Imports:
    found, next_cursor = await library.imports(asking, limit, cursor)
    return Imports(items=[Import.of(job) for job in found], next_cursor=next_cursor)


@router.get("/imports/{import_id}")
async def get_import(asking: Asking, library: TheLibrary, import_id: ImportId) -> Import:
    return Import.of(await library.import_(asking, import_id))
