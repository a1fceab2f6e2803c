"""The YAML between two lines of ``---`` at the top of a Markdown file."""

from __future__ import annotations

from typing import Any

import yaml

from knowledge.errors import UnreadableFile

LONGEST = 64_000  # characters; a document that begins with a line is no front matter


class PlainLoader(yaml.SafeLoader):
    """YAML with each key once, and without aliases: a few of them can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases (*name) aren't read", None)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value.__hash__ and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} stands there twice", key.start_mark
                )
            seen.update([key.value] if key.value.__hash__ else [])
        return super().construct_mapping(node, deep)


def front_matter(source: str) -> dict[str, Any]:
    """Its fields. Raises ``UnreadableFile`` with the line (the ``---`` above is line 1)."""
    if len(source) > LONGEST:
        raise UnreadableFile(f"the front matter is longer than {LONGEST:,} characters", 1)
    try:
        found = yaml.load(source, PlainLoader)  # noqa: S506  a SafeLoader, narrowed
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise UnreadableFile(f"the front matter isn't YAML: {error.problem}", line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableFile(
            f"the front matter isn't YAML: {' '.join(str(error).split())[:160]}", 1
        ) from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise UnreadableFile(
            "the front matter has no lines of the form `title: Nordhavn Clinics`", 2
        )
    return {str(key): value for key, value in found.items()}
