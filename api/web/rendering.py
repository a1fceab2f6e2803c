"""Templates into responses, errors into pages, and the static files."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException

from api.access.guard import is_guest, roles_of, signed_in
from api.dependencies import is_address
from api.errors import place, problem_of, waiting
from api.web import drawing, wording
from api.web.marking import marked
from coach.errors import NotSignedIn

HERE = Path(__file__).parent

templates = Jinja2Templates(
    env=Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
)
templates.env.policies["json.dumps_kwargs"] = {}  # keeps the order of wording's tables
templates.env.filters["readable"] = wording.readable
templates.env.filters["mood_cause"] = wording.mood_cause
templates.env.globals.update(
    wording=wording,
    initials=wording.initials,
    humanise=wording.humanise,
    named=wording.named,
    segment=wording.segment,
    is_address=is_address,
    marked=marked,
    level=drawing.level,
    with_query=wording.with_query,
    ring_dashes=drawing.ring_dashes,
    mood_lines=drawing.mood_lines,
    concern_bands=drawing.concern_bands,
    trust_marks=drawing.trust_marks,
    signed=wording.signed,
    signed_in=signed_in,
    roles_of=roles_of,
    is_guest=is_guest,
)

#: The referrer policy is wider than the API's: with no-referrer a browser sends "Origin: null"
#: for a form post, and the doorway refuses that.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


def render(request: Request, name: str, status: int = 200, **context: Any) -> Response:
    return templates.TemplateResponse(request, name, context, status_code=status, headers=HEADERS)


def see(path: str) -> Response:
    return RedirectResponse(path, status_code=303)


class Page(APIRoute):
    """A route whose errors are pages, too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def page(request: Request) -> Response:
            try:
                return await handler(request)
            except HTTPException:
                raise
            except NotSignedIn as error:
                if request.method == "GET":
                    return see("/login?" + urlencode({"after": _asked(request)}))
                return render(request, "error.html", 401, message=error.message)
            except RequestValidationError as error:
                fault = error.errors()[0]
                told = f"{wording.humanise(str(fault['loc'][-1]))}: {fault['msg']}"
                return render(request, "error.html", 422, message=told)
            except Exception as error:  # noqa: BLE001  # problem_of logs what nobody expected
                problem = problem_of(error, place(request.scope))
                status, message = problem["status"], problem["detail"]
                shown = render(request, "error.html", status, message=message)
                shown.headers.update(waiting(error))
                return shown

        return page


def _asked(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


class Revalidated(StaticFiles):
    """Files that a browser asks about each time, so that no old script meets a new page."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response
