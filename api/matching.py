"""ETags: what a change expects to find, so that two editors don't overwrite each other."""

from __future__ import annotations

import re

from fastapi import Request

from coach.errors import BadInput
from coach.library import Match, tag_of
from knowledge.evidence import Evidence

TAG = re.compile(r'\s*((?:W/)?"([^"]*)")\s*(?:,|$)')


def etag_of(item: Evidence) -> str:
    return f'"{tag_of(item)}"'


def match_of(request: Request) -> Match:
    """From If-Match and If-None-Match; BadInput for what these headers can't say."""
    wanted, unwanted = (request.headers.get(name) for name in ("if-match", "if-none-match"))
    if unwanted is not None and (unwanted.strip() != "*" or wanted is not None):
        raise BadInput("If-None-Match may only be * here, which asks that there is no such item")
    if unwanted is not None:
        return Match(there=False)
    if wanted is None:
        return Match()
    return Match(there=True) if wanted.strip() == "*" else Match(tags=_tags(wanted))


def version_of(request: Request) -> int | None:
    """The version that a change of a scenario expects to find: 0 for none yet, None for any."""
    match = match_of(request)
    if match.there is False:
        return 0
    if match.tags is None:
        return None
    numbers = [int(tag) for tag in match.tags if tag.isdecimal() and len(tag) < 10]
    return numbers[0] if len(numbers) == 1 else -1  # which none has


def _tags(header: str) -> frozenset[str]:
    """The tags listed; a weak one never matches."""
    found, at = set(), 0
    while at < len(header):
        if (match := TAG.match(header, at)) is None:
            raise BadInput("If-Match holds an ETag as it was given, in its quotes, or *")
        if not match[1].startswith("W/"):
            found.add(match[2])
        at = match.end()
    return frozenset(found)
