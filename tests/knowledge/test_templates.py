"""Each template, filled in, is evidence without a guess; unfilled it is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.errors import InvalidEvidence
from knowledge.evidence import Evidence, Kind
from knowledge.indexing.index import KnowledgeIndex
from knowledge.ingesting.ingest import ingest
from knowledge.reading.readers import read_file
from knowledge.reading.templates import ABOUT, template

VALUES = {
    "size": "900",
    "advantage": "them",
    "truth": "false",
    "as_of": "2026-01-02",
    "valid_until": "2027-01-02",
    "do_not_say": "\n- it halves costs",
}


def filled(kind: str) -> str:
    """Every empty field gets a value, as a person would who keeps the comments."""
    lines = []
    for line in template(kind).splitlines():
        empty = re.fullmatch(r"(\w+):", line)
        lines.append(f"{line} {VALUES.get(empty[1], f'Some {empty[1]}')}" if empty else line)
    return "\n".join(lines) + "\nSome us. Some them.\n"


@pytest.mark.parametrize("kind", Kind)
def test_a_filled_template_is_taken_without_a_guess(tmp_path: Path, kind: Kind) -> None:
    """Every field that it asks for arrives."""
    path = tmp_path / "new.md"
    path.write_text(filled(kind.value))
    (item,) = read_file(path)
    assert isinstance(item, Evidence), item
    assert (item.kind, item.inferred) == (kind, ())
    asked = re.findall(r"^(\w+):", template(kind.value), re.MULTILINE)
    assert [name for name in asked if getattr(item, name) in (None, ())] == []


def test_filled_templates_are_ingested(tmp_path: Path, index: KnowledgeIndex) -> None:
    """One of each kind."""
    for kind in Kind:
        named = filled(kind.value).replace("id: Some id", f"id: {kind.value}")
        (tmp_path / f"{kind.value}.md").write_text(named)
    report = ingest(sorted(tmp_path.glob("*.md")), index)
    assert (report.items, report.problems, index.count() >= len(Kind)) == (len(Kind), (), True)


@pytest.mark.parametrize("kind", Kind)
def test_an_unfilled_template_is_no_evidence(tmp_path: Path, kind: Kind) -> None:
    """Nobody's comments are quoted to a customer."""
    path = tmp_path / "new.md"
    path.write_text(template(kind.value))
    (found,) = read_file(path)
    assert not isinstance(found, Evidence)


def test_every_field_is_in_a_template_and_explained() -> None:
    """All but the text and what only code writes."""
    asked = {name for kind in Kind for name in re.findall(r"(?m)^(\w+):", template(kind.value))}
    assert asked == set(ABOUT) == set(Evidence.model_fields) - {"text", "inferred"}


def test_a_kind_may_be_written_in_other_ways() -> None:
    """And one that there isn't is told with those there are."""
    assert template("case-study") == template("Case study") == template("case_study")
    with pytest.raises(InvalidEvidence, match="there are case-study, testimonial"):
        template("gossip")
