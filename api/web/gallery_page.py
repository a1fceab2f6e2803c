"""The gallery: every scenario under the guide's sections, narrowed by what a rep asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from api.dependencies import Asking, Service
from api.schemas_evidence import Short
from api.web.rendering import Page, render
from api.web.wording import humanise
from coach.progress.book import Progress
from coach.progress.standing import Standing, standing_of
from coach.scenario import Scenario

router = APIRouter(route_class=Page, include_in_schema=False)

MINUTES = (10, 12, 15)


@dataclass(frozen=True)
class Wanted:
    """What was asked for; an empty field, or a word nobody knows, asks for nothing."""

    section: str = ""
    difficulty: str = ""
    who: str = ""  # a temperament
    minutes: str = ""  # at most
    mine: str = ""  # a Stage

    @property
    def any(self) -> bool:
        return any((self.section, self.difficulty, self.who, self.minutes, self.mine))

    def fits(self, scenario: Scenario, standing: Standing) -> bool:
        asked = (
            (self.section, {scenario.guide_section}),
            (self.difficulty, {scenario.difficulty.value}),
            (self.who, {one.temperament.value for one in scenario.personas}),
            (self.minutes, {str(n) for n in MINUTES if scenario.minutes <= n}),
            (self.mine, {standing.stage.value}),
        )
        return all(not word or word in has for word, has in asked)


@router.get("/")
async def gallery(
    request: Request,
    asking: Asking,
    service: Service,
    section: Short = "",
    difficulty: Short = "",
    who: Short = "",
    minutes: Short = "",
    mine: Short = "",
) -> Response:
    every = [
        scenario
        for kind in ("tactical", "strategic")
        for scenario in await service.scenarios(asking, kind)
    ]
    progress = await service.progress.progress(asking)
    standings = {one.id: standing_of(one, progress.masteries, progress.practised) for one in every}
    wanted = Wanted(section, difficulty, who, minutes, mine)
    shown = [one for one in every if wanted.fits(one, standings[one.id])]
    return render(
        request,
        "gallery.html",
        tactical=[one for one in shown if one.kind == "tactical"],
        strategic=[one for one in shown if one.kind == "strategic"],
        standings=standings,
        wanted=wanted,
        choices=_choices(every),
        count=len(every),
        next=_next(every, progress),
    )


def _choices(every: Sequence[Scenario]) -> dict[str, list[tuple[str, str]]]:
    """What can be asked for and how it is called, each once, in the order of the guide."""
    who = {one.temperament.value for scenario in every for one in scenario.personas}
    return {
        "section": [(one, one) for one in dict.fromkeys(one.guide_section for one in every)],
        "who": [(one, humanise(one)) for one in sorted(who)],
        "minutes": [
            (str(n), f"{n} minutes at most") for n in MINUTES if any(s.minutes <= n for s in every)
        ],
    }


def _next(every: Sequence[Scenario], progress: Progress) -> Scenario | None:
    """What is advised next, for somebody who has practised before."""
    if not progress.practised:
        return None
    return next((one for one in every if one.id == progress.next.scenario), None)
