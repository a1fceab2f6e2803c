"""The YAML between two lines of ``---`` at the top of a Markdown file."""

from __future__ import annotations

from typing import Any

import yaml

from knowledge.errors import UnreadableFile


class PlainLoader(yaml.SafeLoader):
    """YAML without aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases (*name) aren't read", None)
        return super().compose_node(parent, index)


def front_matter(source: str) -> dict[str, Any]:
    """Its fields. Raises ``UnreadableFile`` with the line (the ``---`` above is line 1)."""
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
