"""Proof from customers like the one at hand: what they share with it, and what none does. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.evidence import Evidence, Kind, Passage, Peer
from knowledge.indexing.columns import SIMILAR_SIZE_FACTOR

REFERENCES = (Kind.CASE_STUDY, Kind.TESTIMONIAL)


def in_common(peer: Peer, item: Evidence) -> tuple[str, ...]:
    """What the item's customer shares with ``peer``, in words."""
    found = {
        "same sector": _same(peer.sector, item.sector),
        "similar size": bool(
            peer.size
            and item.size
            and peer.size <= SIMILAR_SIZE_FACTOR * item.size
            and item.size <= SIMILAR_SIZE_FACTOR * peer.size
        ),
        "same region": _same(peer.region, item.region),
    }
    return tuple(words for words, so in found.items() if so)


def reference_warning(found: Sequence[Passage], peer: Peer) -> str | None:
    """What to know before a reference among ``found`` is named to ``peer``, in one sentence.

    None when some reference shares the sector and the region, or the size where neither is
    known, or when nothing is known about ``peer``.
    """
    references = [p.evidence for p in found if p.evidence.kind in REFERENCES]
    wanted = {
        "same sector": f"from the sector {peer.sector}" if peer.sector else "",
        "same region": f"from the region {peer.region}" if peer.region else "",
    }
    if not any(wanted.values()):
        wanted = {"similar size": f"of a similar size to {peer.size}" if peer.size else ""}
    wanted = {shared: words for shared, words in wanted.items() if words}
    if not wanted or any(wanted.keys() <= set(in_common(peer, item)) for item in references):
        return None
    lacking = {
        shared: words
        for shared, words in wanted.items()
        if not any(shared in in_common(peer, item) for item in references)
    }
    named = " and ".join((lacking or wanted).values())
    if not references:
        return f"no reference {named} was found"
    return f"no reference {named} was found; those here are from elsewhere"


def _same(wanted: str | None, found: str | None) -> bool:
    return bool(wanted and found) and str(wanted).casefold() == str(found).casefold()
