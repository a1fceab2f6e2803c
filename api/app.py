"""The HTTP application: routes, errors and the guard at the door, around one service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, FastAPI

from api import errors
from api.access import rules
from api.access.guard import guard
from api.doorway import Doorway
from api.limiting import TellingLimits, within_limits
from api.observing.observatory import Observatory
from api.observing.requests import Observed
from api.openapi import describe
from api.routes import (
    accounts,
    answers,
    attempts,
    calibration,
    chat,
    documents,
    exports,
    fidelity,
    gaps,
    goals,
    governance,
    health,
    imports,
    knowledge,
    metrics,
    moods,
    office,
    overruling,
    priorities,
    progress,
    scenarios,
    sessions,
    teams,
    turns,
    webhooks,
    workshops,
)
from api.routes import slack as slack_door
from api.wiring import coach_version
from coach.accounts.sign_on import SignOn
from coach.errors import Misconfigured
from coach.messenger.settings import SlackSettings
from coach.service import CoachService

if TYPE_CHECKING:
    from api.slack.bot import SlackBot


MISSING = "the Slack bot needs {name}: pip install 'objection-coach[slack]', or unset COACH_SLACK_*"


def create_app(
    service_factory: Callable[[], AbstractAsyncContextManager[CoachService]],
    instance: str | None = None,
    sign_on: SignOn | None = None,
    public_url: str | None = None,
    collector: str | None = None,
    slack: SlackSettings | None = None,
) -> FastAPI:
    """The application; ``service_factory`` is opened at start and closed at the end.

    ``instance`` is what ``/healthz`` tells, so that a client knows which server it reached.
    ``sign_on`` is the provider that people may sign in by, and ``public_url`` the address by which
    it sends them back, where that isn't the one they came by. ``collector`` is the address of an
    OpenTelemetry collector, if one is to hear of all this. ``slack`` starts the bot.
    """

    observatory = Observatory(coach_version(), collector)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service_factory() as service:
            app.state.service = service
            observatory.open()
            service.begin()
            bot = app.state.slack = await _bot(service, slack, public_url)
            try:
                yield
            finally:
                if bot:
                    await bot.close()
                await observatory.close()

    app = FastAPI(
        title="Objection coach",
        version=coach_version(),
        lifespan=lifespan,
        docs_url=None,  # both pages load scripts from a CDN
        redoc_url=None,
        dependencies=[Depends(guard)],
    )
    app.state.instance = instance or uuid4().hex
    app.state.sign_on, app.state.public_url = sign_on, public_url
    app.state.observatory = observatory
    app.state.slack = None
    errors.install(app)
    app.openapi = describe(app)  # type: ignore[method-assign]  # as FastAPI's own pages say to
    # gaps and governance before knowledge: an evidence id may be any path
    for resource in (
        health,
        metrics,
        scenarios,
        chat,
        sessions,
        turns,
        attempts,
        moods,
        overruling,
        progress,
        calibration,
        documents,
        priorities,
        gaps,
        governance,
        imports,
        knowledge,
    ):
        app.include_router(resource.router, dependencies=_rules(resource.router))
    # teams before office: what stands below /v1/teams is a team's id elsewhere
    for resource in (
        goals,
        answers,
        exports,
        webhooks,
        accounts,
        teams,
        office,
        fidelity,
        workshops,
    ):
        app.include_router(resource.router, dependencies=_rules(resource.router))
    app.include_router(slack_door.router)  # Slack is no caller with limits of its own
    app.include_router(slack_door.pages, dependencies=[Depends(within_limits)])
    from api.web import pages  # noqa: PLC0415  # pages need templates; the API stands without

    pages.mount(app)
    rules.check(app)
    app.add_middleware(TellingLimits)
    app.add_middleware(Doorway)
    app.add_middleware(Observed, observatory=observatory)
    return app


async def _bot(
    service: CoachService, slack: SlackSettings | None, public_url: str | None
) -> SlackBot | None:
    if slack is None:
        return None
    try:
        from api.slack.bot import SlackBot  # noqa: PLC0415  # Bolt is only there where it is wanted
    except ModuleNotFoundError as error:
        raise Misconfigured(MISSING.format(name=error.name)) from error
    if service.messenger is None:
        raise Misconfigured("the Slack bot needs a coach with its own database")
    bot = SlackBot(service, service.messenger, slack, (public_url or "").rstrip("/"))
    await bot.open()
    return bot


def _rules(router: APIRouter) -> list[Any]:
    """Whether the process runs, and how, is told as often as somebody asks."""
    return [] if router in (health.router, metrics.router) else [Depends(within_limits)]
