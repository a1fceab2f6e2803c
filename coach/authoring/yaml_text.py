"""YAML as a trainer writes it: each value with the line it stands on, and nothing that can blow up.

Only text, whole numbers, decimals, true, false and null are told apart, so that `no`, `12:30` and
`2026-03-01` stay the words they look like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic_core import from_json

LARGEST = 256 * 1024  # characters
DEEPEST = 30
MOST_VALUES = 20_000  # counted anew at each place an alias stands for them

#: libyaml where the wheel has it: several times as quick.
FastLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLAIN = {
    "tag:yaml.org,2002:bool": (r"true|false", "tf"),
    "tag:yaml.org,2002:null": (r"null|~|", "n~"),
    "tag:yaml.org,2002:int": (r"[-+]?[0-9]{1,18}", "-+0123456789"),
    "tag:yaml.org,2002:float": (r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", "-+0123456789"),
}


class _Loader(FastLoader):  # type: ignore[valid-type,misc]
    """Safe, and with fewer kinds of values than YAML 1.1 has."""


_Loader.yaml_implicit_resolvers = {}
for _tag, (_pattern, _first) in PLAIN.items():
    _starts: list[str | None] = [*_first, ""] if _tag.endswith("null") else [*_first]
    _Loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), _starts)

Place = tuple[str | int, ...]


class NotYaml(Exception):
    """``line`` counts from 1, and is None where it can't be known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


@dataclass(frozen=True)
class Document:
    """What the text says, and where. ``twice`` are the keys that stand twice in a mapping.

    ``root`` is None where the lines aren't a person's: in JSON.
    """

    value: Any
    root: yaml.Node | None = None
    twice: tuple[tuple[Place, int], ...] = ()

    def line_of(self, place: Sequence[str | int]) -> int | None:
        """The line of the value at ``place``, or of the nearest thing around it that is there."""
        if self.root is None:
            return None
        node, line = self.root, self.root.start_mark.line + 1
        for part in place:
            found = _within(node, part)
            if found is None:
                break
            key, node = found
            line = (key or node).start_mark.line + 1
        return line


def parse(text: str) -> Document:
    """Raises NotYaml for what is no YAML, too large, or made to blow up."""
    if len(text) > LARGEST:
        raise NotYaml(f"{len(text):,} characters; a scenario has at most {LARGEST:,}")
    if is_json(text):
        return Document(from_json(text))
    loader = _Loader(text)
    try:
        _refuse_towers(text)
        root = loader.get_single_node()
        if root is None:
            raise NotYaml("it is empty", 1)
        twice = _checked(root)
        return Document(loader.construct_document(root), root, twice)
    except yaml.YAMLError as error:
        raise _as_not_yaml(error, text) from error
    except (RecursionError, ValueError) as error:
        raise NotYaml(f"it can't be read: {str(error)[:120]}") from error
    finally:
        loader.dispose()


def is_json(text: str) -> bool:
    """A program sends JSON; a person writes no file that starts with a brace."""
    if not text.lstrip().startswith("{"):
        return False
    try:
        from_json(text, allow_inf_nan=False)
    except ValueError:
        return False
    return True


def _refuse_towers(text: str) -> None:
    """Before nodes are made: libyaml's binding recurses, and 200,000 brackets would kill it."""
    depth = 0
    for event in yaml.parse(text, FastLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            mark = event.start_mark
            raise NotYaml(f"nested more than {DEEPEST} deep", mark.line + 1 if mark else None)


def _as_not_yaml(error: yaml.YAMLError, text: str) -> NotYaml:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "can't be read"
    line = mark.line + 1 if mark else None
    if isinstance(position := getattr(error, "position", None), int):
        line = text.count("\n", 0, position) + 1
    return NotYaml(f"not YAML: {problem}", line)


def _checked(root: yaml.Node) -> tuple[tuple[Place, int], ...]:
    """Raises NotYaml for nesting, loops and bombs; returns the keys that stand twice."""
    twice: list[tuple[Place, int]] = []
    values = 0
    waiting: list[tuple[yaml.Node, Place]] = [(root, ())]
    while waiting:
        node, place = waiting.pop()
        values += 1
        line = node.start_mark.line + 1
        if len(place) > DEEPEST:  # a loop of aliases
            raise NotYaml(f"nested more than {DEEPEST} deep", line)
        if values > MOST_VALUES:
            raise NotYaml(f"more than {MOST_VALUES:,} values, counting what aliases repeat", line)
        if isinstance(node, yaml.SequenceNode):
            waiting += [(child, (*place, number)) for number, child in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, child in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise NotYaml("a field's name must be a word", key.start_mark.line + 1)
                if key.value in seen:
                    twice.append(((*place, key.value), key.start_mark.line + 1))
                seen.add(key.value)
                waiting.append((child, (*place, key.value)))
    return tuple(twice)


def _within(node: yaml.Node, part: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    """The key (in a mapping) and value at ``part`` of ``node``."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return None, node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next(((key, child) for key, child in node.value if key.value == part), None)
    return None
