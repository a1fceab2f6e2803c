"""A Markdown file to fill in for each kind of evidence, with a word on every field. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from knowledge.errors import InvalidEvidence
from knowledge.evidence import Kind
from knowledge.reading.fields import KIND_NAMES, key_of

ABOUT = {
    "id": "a short name that never changes; the name of the file if left empty",
    "kind": "leave it as it is",
    "title": "what it says, in one line",
    "customer": "the customer's name as it may be written",
    "sector": "the customer's or the market's, for example healthcare or logistics",
    "region": "the customer's or the market's, for example DACH or UK & Ireland",
    "size": "the customer's number of employees",
    "competitor": "whom it is about, or who was replaced; one name",
    "criterion": "what is compared or counted, for example price per seat",
    "us": "what we do or have, in the words of the text below",
    "them": "what they do or have, in the words of the text below",
    "advantage": "who is ahead: us, them, similar, mixed or unstated; be honest",
    "truth": "whether it is so: true, false or unknown",
    "position": "how a seller should handle it; never shown to a customer",
    "source": "where it can be looked up: an address, a document, an interview with its date",
    "owner": "who keeps it right",
    "as_of": "when it was so: 2026-11-23",
    "valid_until": "the last day it may be quoted: 2027-11-30; empty means for ever",
    "visibility": "public (may be quoted to a customer) or internal (coaching only)",
    "label": "fact, inference or assumption",
    "do_not_say": "what sellers must not make of it, a line each, for example `- it halves costs`",
}
_CUSTOMER = ("customer", "sector", "region", "size", "competitor")
OWN = {
    Kind.CASE_STUDY: _CUSTOMER,
    Kind.TESTIMONIAL: _CUSTOMER,
    Kind.COMPETITIVE_FACT: ("competitor", "criterion", "us", "them", "advantage"),
    Kind.PRODUCT_FACT: ("criterion",),
    Kind.TRACK_RECORD: ("customer", "sector", "region"),
    Kind.RUMOUR: ("competitor", "truth", "position"),
    Kind.MARKET_FACT: ("sector", "region", "criterion"),
}
GOVERNED = ("source", "owner", "as_of", "valid_until", "visibility", "label", "do_not_say")
REQUIRED = {
    Kind.CASE_STUDY: {"title", "customer"},
    Kind.COMPETITIVE_FACT: {"title", "competitor", "criterion", "advantage"},
    Kind.RUMOUR: {"title", "truth", "position"},
}
PRESET = {"visibility": "public", "label": "fact"}
TEXT = {
    Kind.CASE_STUDY: "## Situation, ## What was done, ## Result, with figures and dates",
    Kind.TESTIMONIAL: "the words as they were said, then a line: — Name, role, customer",
    Kind.COMPETITIVE_FACT: "both sides in full sentences, with figures and since when",
    Kind.PRODUCT_FACT: "what is so, in full sentences, with figures",
    Kind.TRACK_RECORD: "what was achieved or awarded, by whom, and when",
    Kind.RUMOUR: "what is said about us, then what is so and how we know",
    Kind.MARKET_FACT: "what holds in that market, with figures, their year and who counted",
}


def template(kind: str, given: Mapping[str, str] | None = None, remarks: Iterable[str] = ()) -> str:
    """The file for ``kind`` (``case-study`` too). Raises ``InvalidEvidence`` for an unknown one.

    ``given`` fills in fields that the kind has; ``remarks`` are put above them, a line each.
    """
    known = KIND_NAMES.get(key_of(kind))
    if known is None:
        names = ", ".join(one.value.replace("_", "-") for one in Kind)
        raise InvalidEvidence(f"there is no template for {kind!r}; there are {names}")
    required = REQUIRED.get(known, {"title"})
    lines = ["---", *(f"# {_line(remark)}" for remark in remarks)]
    for name in ("id", "kind", "title", *OWN[known], *GOVERNED):
        lines.append(f"# {ABOUT[name]}{' (needed)' if name in required else ''}")
        value = known.value if name == "kind" else PRESET.get(name, "")
        if told := (given or {}).get(name):
            value = json.dumps(_line(told), ensure_ascii=False)  # YAML reads it, too
        lines.append(f"{name}: {value}".rstrip())
    lines += [f"# Below the line, the text: {TEXT[known]}", "---", "", ""]
    return "\n".join(lines)


def _line(text: str) -> str:
    """What YAML takes in one line: no line breaks, nothing that can't be seen."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
