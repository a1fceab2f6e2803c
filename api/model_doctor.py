"""What ``coach doctor`` says of the language models: which does what, and what may be spent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from api.finding import Finding, Verdict
from coach.models import Job
from coach.providers import OPENAI, provider_and_name
from coach.session import LOCAL

if TYPE_CHECKING:
    from coach.model_settings import Choice
    from coach.settings import Settings

SHUT = "failures in a row"  # stands in the condition of a breaker that isn't closed
OPENAI_URL = "https://api.openai.com/v1"


def findings(settings: Settings) -> list[Finding]:
    """One for each model, asked whether it answers and takes the key."""
    each = settings.models.each()
    if not each:
        todo = "set OPENAI_API_KEY, or COACH_MODEL_URL for a local server, to use one"
        return [Finding("model", Verdict.OK, "none: the embedded engine speaks", todo)]
    return [_model(choice, _jobs(jobs)) for choice, jobs in each.items()]


def at_server(told: str) -> Finding:
    """``told`` is what a running server says of its models, circuit breakers included."""
    if SHUT not in told:
        return Finding("model at the server", Verdict.OK, told)
    todo = "the embedded engine speaks meanwhile; see the model's own finding for what to mend"
    return Finding("model at the server", Verdict.MISSING, told, todo)


def budget(settings: Settings) -> Finding:
    """What was spent today, and what is left."""
    from coach.store import open_store  # noqa: PLC0415  # sqlalchemy is slow to load

    store = open_store(settings.database)
    try:
        spent = store.spent_on(LOCAL.tenant, datetime.now(UTC).date())
    finally:
        store.close()
    limit = settings.models.budget.day
    says = f"{spent:,} tokens spent today"
    if limit is None:
        return Finding("model budget", Verdict.OK, f"{says}; no limit a day is set")
    says += f" of {limit:,}"
    if spent < limit:
        return Finding("model budget", Verdict.OK, f"{says}; {limit - spent:,} left")
    todo = "the embedded engine speaks until midnight UTC; raise COACH_MODEL_BUDGET_DAY"
    return Finding("model budget", Verdict.MISSING, says, todo)


def _jobs(jobs: list[Job]) -> str:
    """ "" for all of them."""
    if len(jobs) == len(Job):
        return ""
    return " for " + " and ".join(job.value for job in jobs)


def _model(choice: Choice, jobs: str) -> Finding:
    name = f"model{jobs}"
    provider, plain = provider_and_name(choice.model)
    if provider != OPENAI:
        says = f"{plain} of {provider} is asked{jobs}; whether it answers shows at the first answer"
        return Finding(name, Verdict.OK, says)
    import httpx  # noqa: PLC0415  # only needed here

    url = (choice.url or OPENAI_URL).rstrip("/")
    headers = {"Authorization": f"Bearer {choice.key}"} if choice.key else {}
    parts = urlsplit(url)
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"  # no password
    try:
        status = httpx.get(f"{url}/models", headers=headers, timeout=5).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        says = f"{shown} doesn't answer ({type(error).__name__}); the embedded engine takes over"
        return Finding(name, Verdict.BROKEN, says, "start it, or correct COACH_MODEL_URL")
    if status in (401, 403):
        return Finding(name, Verdict.BROKEN, f"{shown} refuses the key", "check OPENAI_API_KEY")
    if status >= 400:
        says = f"{shown}/models answers {status}"
        return Finding(name, Verdict.BROKEN, says, "check COACH_MODEL_URL; it often ends in /v1")
    return Finding(name, Verdict.OK, f"{shown} answers; {plain or 'the default model'} speaks")
