"""Gathers what a draft is made of, has it worded, and proves that it can be played."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coach.authoring.drafting import Basis, as_draft, drafted_fields
from coach.authoring.reading import read_scenario
from coach.authoring.rewording import reworded
from coach.budget import Payer
from coach.errors import BadInput, ModelFailed, NotFound
from knowledge.evidence import Evidence, Filters, Kind, Visibility

if TYPE_CHECKING:
    from coach.budget.purse import Purse
    from coach.ports import Clock, Model, Retriever
    from coach.session import Caller


@dataclass(frozen=True)
class Draft:
    """``source`` is valid YAML; ``note`` says when a model was asked and couldn't help."""

    id: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class Drafter:
    retriever: Retriever
    clock: Clock
    vendor: str
    purse: Purse

    async def draft(
        self,
        caller: Caller,
        evidence_id: str | None,
        items: Sequence[Evidence] = (),
        scenario_id: str | None = None,
        use_model: bool = False,
    ) -> Draft:
        """From an item of the index, or from ``items`` that needn't be in it.

        BadInput where they are too thin.
        """
        basis = await asyncio.to_thread(self._basis, evidence_id, tuple(items))
        fields = drafted_fields(
            basis, scenario_id or f"draft-{_slug(basis.competitor or basis.first.id)}"
        )
        key, plain = fields["id"], as_draft(basis, fields)
        if read_scenario(plain).scenario is None:
            faults = "; ".join(map(str, read_scenario(plain).faults[:3]))
            raise BadInput(f"no scenario can be drafted from {basis.first.id}: {faults}")
        if not use_model:
            return Draft(key, plain)
        model = self.purse.open(Payer(caller.tenant)).suggest
        if model is None:
            return Draft(key, plain, "No model is configured; these words are the coach's own.")
        return await self._reworded(model, basis, fields, plain)

    async def _reworded(
        self, model: Model, basis: Basis, fields: dict[str, Any], plain: str
    ) -> Draft:
        key = fields["id"]
        try:
            source = as_draft(basis, await reworded(model, fields))
        except ModelFailed as error:
            return Draft(key, plain, f"{error.message}; these words are the coach's own.")
        if read_scenario(source).scenario is None:
            return Draft(key, plain, "The model's words made no valid scenario; these are our own.")
        return Draft(key, source)

    def _basis(self, evidence_id: str | None, items: Sequence[Evidence]) -> Basis:
        if evidence_id is not None:
            found = self.retriever.get(evidence_id)
            if found is None:
                raise NotFound(f"there is no evidence {evidence_id[:80]!r}")
            items = (found, *items)
        usable = [item for item in items if item.quotable_on(self.clock().date())]
        if not usable:
            raise BadInput("none of this evidence is current and public: nothing could be quoted")
        first = next((item for item in usable if item.competitor), usable[0])
        basis = Basis(self.vendor, first, tuple(usable), _cases(usable))
        if basis.competitor is None:
            return basis
        facts = self._all(Kind.COMPETITIVE_FACT, basis.competitor)
        cases = self._all(Kind.CASE_STUDY, basis.competitor)
        return Basis(self.vendor, first, (*usable, *facts), (*basis.cases, *cases))

    def _all(self, kind: Kind, competitor: str) -> tuple[Evidence, ...]:
        wanted = Filters(
            kinds=(kind,),
            competitor=competitor,
            visibility=Visibility.PUBLIC,
            current_on=self.clock().date(),
        )
        return tuple(self.retriever.listing(wanted, sys.maxsize, 0))


def _cases(items: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(item for item in items if item.kind is Kind.CASE_STUDY)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40] or "competitor"
