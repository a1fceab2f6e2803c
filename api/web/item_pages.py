"""The pages on which an item of evidence is written and changed.

A change says which version it was made from; when somebody else was quicker, both stand side by
side and nothing that was typed is lost.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import ValidationError

from api.dependencies import Asking, EvidenceId, Service, TheLibrary
from api.errors import problem_of
from api.routes.knowledge import TAKEN
from api.schemas_evidence import EvidenceGiven, Short
from api.web.rendering import Page, render, see
from api.web.wording import FIELDS, named, segment
from coach.errors import BadInput, CoachError, NotFound, Overtaken
from coach.library import Match, tag_of
from coach.service import CoachService
from knowledge.evidence import Advantage, Evidence, Kind, Label, Truth, Visibility, as_record

router = APIRouter(prefix="/knowledge", route_class=Page, include_in_schema=False)

MOST_FIELDS = 40
LISTS = ("do_not_say",)  # one entry a line
CHOICES = {
    "kind": Kind,
    "advantage": Advantage,
    "truth": Truth,
    "visibility": Visibility,
    "label": Label,
}
#: The fields of the form, by what they are about.
GROUPS = (
    ("Who it is about", ("customer", "sector", "region", "size")),
    ("Us and a competitor", ("competitor", "criterion", "us", "them", "advantage")),
    ("A rumour", ("truth", "position")),
    ("Where it comes from", ("source", "owner", "as_of", "valid_until")),
    ("How it may be used", ("visibility", "label", "do_not_say")),
)
WRITTEN = ("kind", "title", "text", *(name for _, names in GROUPS for name in names))
LONG = ("us", "them", "position", *LISTS)
LONGEST_ID = 60


@router.get("/new")
async def new(request: Request, service: Service) -> Response:
    return await _form(request, service, {})


@router.post("/new")
async def add(request: Request, asking: Asking, service: Service, library: TheLibrary) -> Response:
    """Without an id it gets one from its title; what exists is never overwritten."""
    typed = await _typed(request)
    wanted = typed.pop("id", "") or _slug(typed.get("title", ""))
    try:
        item = _given(typed, wanted)
        await library.put(asking, item, Match(there=False))
    except Overtaken:
        said = f"There is an item called {wanted} already: give this one another id."
        return await _form(request, service, {**typed, "id": wanted}, 409, problem=said)
    except (CoachError, ValidationError) as error:
        status, said = _told(error)
        return await _form(request, service, {**typed, "id": wanted}, status, problem=said)
    return see(f"/knowledge/items/{segment(item.id)}")


@router.get("/edit/{evidence_id:path}")
async def edit(request: Request, service: Service, evidence_id: EvidenceId) -> Response:
    item = await service.evidence(evidence_id)
    return await _form(request, service, _as_typed(item), of=item.id, tag=tag_of(item))


@router.post("/edit/{evidence_id:path}")
async def change(
    request: Request,
    asking: Asking,
    service: Service,
    library: TheLibrary,
    evidence_id: EvidenceId,
) -> Response:
    typed = await _typed(request)
    tag = typed.pop("tag", "")
    try:
        before = await service.evidence(evidence_id)
        item = _given(typed, evidence_id, before)
        await library.put(asking, item, Match(tags=frozenset({tag})))
    except (Overtaken, NotFound) as error:
        if isinstance(error, NotFound) and not tag:
            raise  # nobody has seen it before, either
        return await _overtaken(request, service, evidence_id, typed)
    except (CoachError, ValidationError) as error:
        status, said = _told(error)
        return await _form(request, service, typed, status, of=evidence_id, tag=tag, problem=said)
    return see(f"/knowledge/items/{segment(evidence_id)}")


@router.post("/remove/{evidence_id:path}")
async def remove(
    asking: Asking,
    library: TheLibrary,
    evidence_id: EvidenceId,
    tag: Annotated[Short, Form()] = "",
) -> Response:
    """Only the version that was seen."""
    await library.remove(asking, evidence_id, Match(tags=frozenset({tag})))
    return see("/knowledge/search")


async def _overtaken(
    request: Request, service: CoachService, evidence_id: str, typed: dict[str, str]
) -> Response:
    """What was typed stays in the form, beside what stands there now."""
    try:
        present = await service.evidence(evidence_id)
    except NotFound:
        said = (
            "Somebody removed this item meanwhile. Your text is still here: save it as a new one."
        )
        return await _form(request, service, {**typed, "id": evidence_id}, 412, problem=said)
    theirs = _as_typed(present)
    differing = [
        (named(FIELDS, name), theirs.get(name, ""), typed.get(name, ""))
        for name in WRITTEN
        if theirs.get(name, "") != typed.get(name, "")
    ]
    return await _form(
        request, service, typed, 412, of=evidence_id, tag=tag_of(present), differing=differing
    )


# --- the form ---


async def _typed(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: str(value).replace("\r\n", "\n").strip() for name, value in form.items()}


def _as_typed(item: Evidence) -> dict[str, str]:
    """The item as the form holds it."""
    record = as_record(item)
    typed = {name: str(record[name]) for name in WRITTEN if name in record and name not in LISTS}
    defaults = {"visibility": item.visibility.value, "label": item.label.value}
    return defaults | typed | {"do_not_say": "\n".join(item.do_not_say)}


def _given(typed: dict[str, str], item_id: str, before: Evidence | None = None) -> Evidence:
    """What was guessed once and is now written otherwise isn't called a guess any more."""
    if item_id.partition("/")[0] in TAKEN:
        raise BadInput(f"no item can be called {item_id[:80]!r}: that is another address here")
    fields: dict[str, Any] = {name: typed[name] for name in WRITTEN if typed.get(name)}
    for name in LISTS:
        lines = [line.strip() for line in typed.get(name, "").split("\n")]
        fields[name] = [line for line in lines if line]
    if before is not None:
        same = _as_typed(before)
        fields["inferred"] = [
            name for name in before.inferred if same.get(name, "") == typed.get(name, "")
        ]
    return EvidenceGiven.model_validate(fields).evidence(item_id)


def _told(error: CoachError | ValidationError) -> tuple[int, str]:
    if isinstance(error, CoachError):
        return problem_of(error)["status"], error.message
    fault = error.errors()[0]
    what = named(FIELDS, str(fault["loc"][0])) + ": " if fault["loc"] else ""
    return 422, what + fault["msg"].removeprefix("Value error, ")


def _slug(title: str) -> str:
    return (
        re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:LONGEST_ID].rstrip("-") or "item"
    )


async def _form(
    request: Request,
    service: CoachService,
    typed: dict[str, str],
    status: int = 200,
    **context: Any,
) -> Response:
    """``of`` is the item that is changed, ``tag`` the version that was read; "" for a new one."""
    told: dict[str, Any] = {"of": "", "tag": "", "problem": "", "differing": ()}
    offered = {
        name: (await service.evidence_values(name))[:100]
        for name in ("sector", "region", "competitor", "customer", "criterion", "source", "owner")
    }
    return render(
        request,
        "knowledge_edit.html",
        status,
        typed=typed,
        groups=GROUPS,
        choices=CHOICES,
        long=LONG,
        offered=offered,
        **(told | context),
    )
