"""Examples for the API's description, made from its schemas, so that they can't drift from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What stands in a field or parameter of that name, wherever it occurs, if its schema allows it.
NAMED: dict[str, Any] = {
    "scenario": "trust-unknown",
    "scenario_id": "trust-unknown",
    "persona": "annika-wall",
    "model": "trust-unknown:normal",
    "session": "0d5c3a9e5f2b4c7e8a1f6b2d4e9c7a35",
    "session_id": "0d5c3a9e5f2b4c7e8a1f6b2d4e9c7a35",
    "other": "7b1e0f4c2a9d4d5f9c3e8a6b5d2f1c04",
    "import_id": "4e9c7a350d5c3a9e5f2b4c7e8a1f6b2d",
    "evidence": "case-nordhavn-clinics",
    "evidence_id": "case-nordhavn-clinics",
    "competitor": "Meridant",
    "sector": "healthcare",
    "region": "Nordics",
    "language": "en",
    "objection": "We've worked with Meridant for ten years.",
    "text": "What would you have to see before you trust us?",
    "question": "Did the reply ask before it answered?",
    "title": "Nobody here knows you",
    "name": "Annika Wall",
    "url": "https://example.com/hooks/coach",
    "at": "2026-03-02T09:30:00Z",
    "created_at": "2026-03-02T09:30:00Z",
    "detail": "write between 1 and 8,000 characters",
    "role": "user",
    "content": "Good morning, have you a minute?",
    "tip": "Ask one more question before you answer.",
    "index": 1,
    "seed": 7,
    "limit": 20,
}
FORMATS = {
    "date-time": "2026-03-02T09:30:00Z",
    "date": "2026-03-02",
    "uri": "https://example.com/",
    "binary": "",
}
#: Of answers that aren't JSON.
MEDIA = {
    "text/event-stream": (
        'id: 1.0.turn\nevent: turn.created\ndata: {"turn":{"index":1,"speaker":"seller",'
        '"text":"Who else have you asked?","at":"2026-03-02T09:30:00Z"}}\n\n'
        'id: 1.1.words.3.a1b2c3d4\nevent: reply.delta\ndata: {"text":"Two"}\n\n'
    ),
    "text/plain": "# TYPE coach_turns_total counter\n",
    "text/csv": "id,scenario,status\n0d5c3a9e,trust-unknown,won\n",
    "text/markdown": "# Nobody here knows you\n",
    "text/html": "<!doctype html><title>Nobody here knows you</title>",
    "application/yaml": "id: my-scenario\nkind: tactical\n",
    "application/x-ndjson": '{"id": "0d5c3a9e"}\n',
    "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"/>',
}


class Examples:
    """Over the named schemas of one description."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas

    def of(self, schema: Mapping[str, Any], name: str = "", seen: tuple[str, ...] = ()) -> Any:
        """A value that the schema allows; ``seen`` are the schemas it is inside of."""
        if ref := schema.get("$ref"):
            inner = str(ref).rpartition("/")[2]
            if inner in seen:
                return None
            return self.of(self._schemas[inner], name, (*seen, inner))
        for known in ("example", "const", "default"):
            if schema.get(known) is not None:
                return schema[known]
        if values := schema.get("enum"):
            return values[0]
        for several in ("anyOf", "oneOf", "allOf"):
            if kinds := [one for one in schema.get(several, ()) if one.get("type") != "null"]:
                return self.of({**schema.get("extra", {}), **kinds[0]}, name, seen)
        return self._plain(schema, name, seen)

    def _plain(  # noqa: PLR0911  # one for each type
        self, schema: Mapping[str, Any], name: str, seen: tuple[str, ...]
    ) -> Any:
        match schema.get("type"):
            case "object":
                fields = schema.get("properties", {})
                return {key: self.of(inner, key, seen) for key, inner in fields.items()}
            case "array":
                return self._list(schema, name, seen)
            case "string":
                known = NAMED.get(name)
                plain = FORMATS.get(
                    schema.get("format", ""), known if isinstance(known, str) else ""
                )
                return plain or f"example-{name or 1}".replace("_", "-")
            case "integer" | "number":
                known = NAMED.get(name)
                least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
                return known if isinstance(known, int) else least
            case "boolean":
                return False
            case "null":
                return None
            case _:
                return NAMED.get(name, {})

    def _list(self, schema: Mapping[str, Any], name: str, seen: tuple[str, ...]) -> list[Any]:
        if places := schema.get("prefixItems"):
            return [number * 12 for number, _ in enumerate(places)]
        items = schema.get("items", {})
        inner = str(items.get("$ref", "")).rpartition("/")[2]
        some: list[Any] = [] if inner in seen else [self.of(items, name, seen)]
        return some * max(int(schema.get("minItems", 1)), 1)
