"""Patterns that are compiled when they are first used: together they would hold up every start by
a third of a second, and most commands need none of them.
"""

from __future__ import annotations

import re
from typing import Any, cast
from weakref import WeakSet

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")
_waiting: WeakSet[LatePattern] = WeakSet()


class LatePattern:
    """What ``re.compile`` gives, made at the first use; safe from any thread."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self._asked = pattern, flags
        _waiting.add(self)

    def __getattr__(self, name: str) -> Any:
        """Reached once: from then on the methods are the compiled pattern's own."""
        compiled = re.compile(self.pattern, self._asked)
        _waiting.discard(self)
        self.__dict__.update((method, getattr(compiled, method)) for method in _METHODS)
        return getattr(compiled, name)


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What ``re.compile`` would give, for a constant of a module. A pattern that is wrong fails at
    its first use."""
    return cast("re.Pattern[str]", LatePattern(pattern, flags))


def compile_all() -> None:
    """Makes those that nobody has used yet."""
    for pattern in list(_waiting):
        pattern.search("")
