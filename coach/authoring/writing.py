"""A scenario as YAML that ``coach.authoring.reading`` reads back. Pure."""

from __future__ import annotations

import re
from typing import Any

import yaml

from coach.authoring.yaml_text import PLAIN
from coach.scenario import Scenario

SCHEMA_FILE = "scenario.schema.json"
FIRST_LINE = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"
_SECTION = re.compile(
    r"^(?=(?:personas|opening|concerns|facts|next_step|lines|rubric):)", re.MULTILINE
)


class _Dumper(yaml.SafeDumper):
    """Quotes what either our reader or YAML 1.1 would take for something else than text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


for _tag, (_pattern, _first) in PLAIN.items():
    _Dumper.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_first))


def as_yaml(scenario: Scenario) -> str:
    return yaml_of(scenario.model_dump(mode="json", exclude_defaults=True))


def yaml_of(fields: dict[str, Any]) -> str:
    text = yaml.dump(fields, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return _SECTION.sub("\n", text)


def renamed(source: str, scenario_id: str) -> str:
    """The same with another id, as a first version; comments stay."""
    text = re.sub(r"^version:.*\n", "", source, flags=re.MULTILINE)
    return re.sub(r"^id:.*$", f"id: {scenario_id}", text, count=1, flags=re.MULTILINE)
