"""``coach doctor``: what is configured, what is missing, what to do about it."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from api import answer_doctor, model_doctor
from api.client import find_running
from api.finding import Finding, Verdict
from api.wiring import open_embedders, open_index, open_shelf, prepare_home
from coach.errors import CoachError
from coach.session import LOCAL
from coach.settings import Settings
from knowledge.errors import IndexInUse, KnowledgeError

if TYPE_CHECKING:
    from knowledge.indexing.catalogue import Collection
    from knowledge.indexing.switching import SwitchingIndex

PACKAGES = ("objection-coach", "fastapi", "chromadb", "onnxruntime", "langchain", "sqlalchemy")


def examine(settings: Settings) -> list[Finding]:
    """Looks at each part by itself, so that one that is broken doesn't hide another."""
    running = find_running(settings)
    return [
        Finding("versions", Verdict.OK, _versions()),
        _home(settings),
        _server(running),
        *_stored(settings),
        _checked("embedding", lambda: _embedding(settings)),
        *(_of_server(running) if running else [_checked("index", lambda: _index(settings))]),
        _checked("scenarios", lambda: _scenarios(settings)),
        _checked("prompts", lambda: _prompts(settings)),
        *model_doctor.findings(settings),
    ]


def _checked(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (CoachError, KnowledgeError) as error:
        return Finding(name, Verdict.BROKEN, "doesn't work", str(error))
    except Exception as error:  # noqa: BLE001  # a doctor that dies of the illness is no help
        cause = (str(error).splitlines() or [""])[0]
        says = f"failed unexpectedly: {type(error).__name__}: {cause}"
        return Finding(name, Verdict.BROKEN, says, "run it with COACH_DEBUG=1 and report that")


def _versions() -> str:
    found = [f"Python {platform.python_version()} on {platform.system()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} not installed as a package")
    return ", ".join(found)


def _home(settings: Settings) -> Finding:
    def look() -> Finding:
        prepare_home(settings.home)
        return Finding("home", Verdict.OK, f"{settings.home} can be written")

    return _checked("home", look)


def _server(running: str | None) -> Finding:
    if running:
        return Finding("server", Verdict.OK, f"runs at {running}; commands on this home use it")
    return Finding("server", Verdict.OK, "none runs on this home; commands start their own")


def _stored(settings: Settings) -> list[Finding]:
    database = _checked("database", lambda: _database(settings))
    if database.verdict is Verdict.BROKEN:
        return [database]
    return [
        database,
        _checked("webhooks", lambda: _webhooks(settings)),
        _checked("model budget", lambda: model_doctor.budget(settings)),
        _checked("model's answers", lambda: answer_doctor.answers(settings)),
    ]


def _database(settings: Settings) -> Finding:
    from coach.store import open_store  # noqa: PLC0415  # sqlalchemy is slow to load

    prepare_home(settings.home)
    store = open_store(settings.database)
    try:
        store.ping()
    finally:
        store.close()
    kind = settings.database.partition(":")[0]
    where = f"{kind} in the home" if settings.database_url is None else f"{kind}, by its URL"
    return Finding("database", Verdict.OK, f"{where} answers")


def _embedding(settings: Settings) -> Finding:
    """The embedded model, which the coach always hears with, and the one of the index."""
    embedded, remote = open_embedders(settings)
    embedded.embed(["ready?"])
    says = f"{embedded.name}, files as pinned"
    if remote is not None:
        try:
            remote.embed_queries(["ready?"])
        finally:
            remote.close()
        says += f"; {remote.address} answers with {remote.dimensions} numbers a vector"
    return Finding("embedding", Verdict.OK, says)


def _index(settings: Settings) -> Finding:
    _, index = open_index(settings)
    try:
        count, (others, todo) = index.count(), _kept(index)
    except IndexInUse as error:
        return Finding("index", Verdict.OK, "is in use by another process", str(error))
    finally:
        index.close()
    if count:
        where = settings.chroma_url or "the home"
        return Finding("index", Verdict.OK, f"{count:,} items of evidence in {where}{others}", todo)
    todo = "start the coach once: it puts the sample in; your own goes in with `coach ingest PATH`"
    return Finding("index", Verdict.MISSING, "empty so far", todo)


def _kept(index: SwitchingIndex) -> tuple[str, str]:
    """The collections, one for each embedding model that was ever used here; and what to do."""
    found = index.catalogue.all()
    if len(found) < 2:
        return "", ""
    says = "; ".join(f"{one.model} ({one.passages:,} passages) {_role(one)}" for one in found)
    todo = []
    if index.filling:
        todo.append("`coach serve` and `coach ingest` go on changing to the wanted model")
    if any(not (one.searched or one.wanted) for one in found):
        todo.append("`coach doctor --forget-old` deletes what isn't used")
    return f"; {says}", "; ".join(todo)


def _role(one: Collection) -> str:
    return "is searched" if one.searched else "is wanted" if one.wanted else "isn't used"


def forget_old(settings: Settings) -> list[str]:
    """Deletes the collections of embedding models that are no longer used; which they were."""
    if settings.chroma_url is None and (url := find_running(settings)):
        raise IndexInUse(f"the coach at {url} holds the index of this home: stop it first")
    _, index = open_index(settings)
    try:
        return [f"{one.model} ({one.passages:,} passages)" for one in index.catalogue.forget_old()]
    finally:
        index.close()


def _of_server(url: str) -> list[Finding]:
    """What a running server says of its parts; its index and its models can't be asked past it."""
    import httpx  # noqa: PLC0415  # only needed here

    try:
        told = httpx.get(f"{url}/readyz", timeout=5, trust_env=False).json()
    except (httpx.HTTPError, ValueError) as error:
        says = f"the running server doesn't answer ({type(error).__name__})"
        return [Finding("index", Verdict.BROKEN, says, "stop it and start it again")]
    verdict = Verdict.OK if told.get("status") == "ready" else Verdict.BROKEN
    parts = ", ".join(f"{part} {told.get(part)}" for part in ("store", "index", "embedding"))
    index = Finding("index", verdict, f"the running server says: {parts}")
    return [index, model_doctor.at_server(str(told.get("model")))]


def _scenarios(settings: Settings) -> Finding:
    with open_shelf(settings) as shelf:
        shipped, own = len(shelf.book.all()), len(shelf.own(LOCAL.tenant))
        left_out = shelf.left_out(LOCAL.tenant)
    says = f"{shipped} ship, {own} written or changed here"
    if left_out:
        says += f"; left out: {'; '.join(f'{name} ({why})' for name, why in left_out.items())}"
        return Finding("scenarios", Verdict.BROKEN, says, "correct and import it again")
    return Finding("scenarios", Verdict.OK, says)


def _prompts(settings: Settings) -> Finding:
    from coach.prompting.own import FOLDER, looked_at  # noqa: PLC0415
    from coach.scenario_book import load_scenarios  # noqa: PLC0415
    from prompts import names  # noqa: PLC0415

    own, faults = looked_at(settings.home, load_scenarios().all())
    says = f"{len(names())} ship, {len(own)} of them replaced by your own"
    if faults:
        told = "; ".join(map(str, faults))
        says += f"; not used, the shipped one is: {told}"
        return Finding("prompts", Verdict.BROKEN, says, f"correct it in {settings.home / FOLDER}")
    return Finding("prompts", Verdict.OK, says)


def _webhooks(settings: Settings) -> Finding:
    """What became of the messages to webhooks, of every team."""
    from coach.store import open_store  # noqa: PLC0415  # sqlalchemy is slow to load

    store = open_store(settings.database)
    try:
        told = list(store.hooks.deliveries().values())
    finally:
        store.close()
    if not told:
        return Finding("webhooks", Verdict.OK, "nothing was sent to any")
    failed = sum(one.failed for one in told)
    says = f"{sum(one.done for one in told):,} messages delivered, "
    says += f"{sum(one.waiting for one in told):,} waiting, {failed:,} given up"
    problem = next((one.last_problem for one in told if one.last_problem), "")
    if not failed and not problem:
        return Finding("webhooks", Verdict.OK, says)
    todo = f"last problem: {problem}; see `coach webhook list`, try `coach webhook test ID`"
    return Finding("webhooks", Verdict.MISSING, says, todo)
