"""The ``coach`` command. Heavy modules load inside the commands: ``coach --help`` stays quick."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api import (
    account_commands,
    backup_commands,
    calibrating,
    document_commands,
    evaluating,
    export_commands,
    fidelity,
    goal_commands,
    governing,
    mastering,
    people_commands,
    prioritising,
    prompt_commands,
    scenario_commands,
    searching,
    terminal,
)
from api.connecting import BUILDING, client_of
from api.finding import as_record
from api.options import Competitor, Home, Json, Region, Sector, Text
from api.progress import progress_bar
from api.slack.commands import slack
from coach.errors import BadInput, CoachError
from coach.settings import Settings, load_settings
from knowledge.errors import KnowledgeError

MISUSE, FAILED, INTERRUPTED = 2, 1, 130

# Before numpy loads, here and in the processes of `coach fidelity`: on matrices as small as ours
# its threads wait for each other longer than they reckon.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

app = typer.Typer(
    name="coach",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def text_of(argument: str) -> str:
    return sys.stdin.read() if argument == "-" else argument


@app.callback(invoke_without_command=True)
def coach(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Practise sales objections in chat, with every claim checked against evidence."""
    if version:
        from api.wiring import coach_version  # noqa: PLC0415

        terminal.say(coach_version())
    elif context.invoked_subcommand is None:
        terminal.say(context.get_help())


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8000,
    open_page: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    home: Home = None,
) -> None:
    """Start the web page and the HTTP API."""
    gc.disable()  # hardly anything made at start is garbage, and looking for it costs a tenth
    from api.client import find_running  # noqa: PLC0415
    from api.server import serve as run  # noqa: PLC0415

    settings: Settings = load_settings(home)
    if url := find_running(settings):
        raise BadInput(f"a coach already serves this home at {url}; stop it, or use another --home")

    def ready(url: str) -> None:
        gc.freeze()
        gc.enable()
        terminal.say(f"The coach is at {url}  (Ctrl-C stops it)")
        sys.stdout.flush()
        if open_page:
            import webbrowser  # noqa: PLC0415

            webbrowser.open(url)

    with suppress(KeyboardInterrupt), progress_bar(BUILDING) as progress:
        run(settings, host, port, progress, ready)


@app.command()
def practise(
    scenario: Annotated[str | None, typer.Argument(help="Which; asked for if left out.")] = None,
    difficulty: Annotated[Literal["easy", "normal", "hard"] | None, typer.Option()] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed, the same buyer.")] = None,
    persona: Annotated[str | None, typer.Option(help="Whom to meet; see coach scenarios.")] = None,
    again: Annotated[str | None, typer.Option(help="Id of a session to go back in.")] = None,
    turn: Annotated[int | None, typer.Option(help="With --again: which turn of yours.")] = None,
    home: Home = None,
) -> None:
    """Practise a scenario here in the terminal, or a moment of an earlier session again."""
    from api.practise import Practice, pick  # noqa: PLC0415

    if turn is not None and again is None:
        raise BadInput("--turn goes with --again: the id of the session to go back in")
    with client_of(home) as client:
        if again is not None:
            Practice.again(client, again, turn).run()
            return
        chosen = scenario or pick(client.get("/v1/scenarios")["items"])
        if chosen is None:
            return
        wanted = {"scenario": chosen, "difficulty": difficulty, "seed": seed, "persona": persona}
        given = {name: value for name, value in wanted.items() if value is not None}
        Practice(client, client.post("/v1/sessions", given)).run()


@app.command()
def suggest(
    text: Text,
    sector: Sector = None,
    region: Region = None,
    competitor: Competitor = None,
    size: Annotated[int | None, typer.Option(help="The customer's number of employees.")] = None,
    count: Annotated[int, typer.Option(help="How many suggestions.", min=1, max=3)] = 3,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Suggest replies to what a customer said, with cited evidence."""
    about = {"sector": sector, "region": region, "competitor": competitor, "customer_size": size}
    context = {name: value for name, value in about.items() if value is not None}
    with client_of(home) as client:
        body = {"objection": text_of(text), "context": context, "count": count}
        with terminal.waiting("Looking for proof"):
            advice = client.post("/v1/suggestions", body)
        show(advice, as_json, terminal.show_advice)


@app.command()
def assist(
    sector: Sector = None,
    region: Region = None,
    competitor: Competitor = None,
    size: Annotated[int | None, typer.Option(help="The customer's number of employees.")] = None,
    home: Home = None,
) -> None:
    """Stand by in a real call: type what they say, get what to say."""
    from api.assisting import LiveCall  # noqa: PLC0415

    about = {"sector": sector, "region": region, "competitor": competitor, "customer_size": size}
    with client_of(home) as client:
        LiveCall(client, {name: value for name, value in about.items() if value is not None}).run()


@app.command()
def check(text: Text, home: Home = None, as_json: Json = False) -> None:
    """Check the claims of a text against the evidence."""
    with client_of(home) as client:
        with terminal.waiting("Checking"):
            found = client.post("/v1/claims/check", {"text": text_of(text)})
        show(found, as_json, lambda body: terminal.show_claims(body["claims"]))


@app.command()
def scenarios(
    kind: Annotated[Literal["tactical", "strategic"] | None, typer.Option()] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List what can be practised."""
    from api.schemas import listed  # noqa: PLC0415
    from api.wiring import open_shelf  # noqa: PLC0415
    from coach.session import LOCAL  # noqa: PLC0415

    with open_shelf(load_settings(home)) as shelf:
        found = listed(shelf.all(LOCAL.tenant, kind)).model_dump(mode="json")
    show(found, as_json, lambda body: terminal.show_scenarios(body["items"]))


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    mapping: Annotated[Path | None, typer.Option("--map", help="YAML: field: column")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove what was deleted there.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on as files change.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Put evidence into the knowledge base, and keep it up to date."""
    from api.ingesting import Ingestion  # noqa: PLC0415

    work = Ingestion(load_settings(home), mapping, prune, as_json)
    if watch:
        from api.watching import watch as go_on  # noqa: PLC0415

        go_on(paths, work)
    elif not work.run(paths):
        raise typer.Exit(FAILED)


@app.command()
def template(kind: Annotated[str, typer.Argument(help="case-study, testimonial, ...")]) -> None:
    """Print a Markdown file to fill in for a kind of evidence."""
    from knowledge.reading.templates import template as blank  # noqa: PLC0415

    sys.stdout.write(blank(kind))


@app.command()
def doctor(
    forget_old: Annotated[
        bool, typer.Option("--forget-old", help="Delete what unused embedding models left.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say what is configured, what is missing and what to do."""
    from api import doctor as checks  # noqa: PLC0415

    settings = load_settings(home)
    if forget_old:
        for name in checks.forget_old(settings):
            terminal.complain(f"deleted the collection {name}")
    report = as_record(settings, checks.examine(settings))
    show(report, as_json, terminal.show_findings)
    if not report["ok"]:
        raise typer.Exit(FAILED)


app.command()(document_commands.debrief)
app.command()(document_commands.transcript)
app.command()(searching.search)
app.command()(governing.compare)
app.command()(prioritising.prioritise)
app.command()(fidelity.fidelity)
app.command(name="eval")(evaluating.evaluate)
app.command()(mastering.progress)
app.command(name="next")(mastering.next_)
app.add_typer(calibrating.calibrate)
app.command()(export_commands.export)
app.command()(backup_commands.backup)
app.command()(backup_commands.restore)
app.command(name="export-user")(people_commands.export_user)
app.command(name="forget-user")(people_commands.forget_user)
app.command(name="clear-old")(people_commands.clear_old)
app.add_typer(governing.knowledge)
app.add_typer(goal_commands.goals)
app.add_typer(prompt_commands.prompts_)
app.add_typer(export_commands.webhook)
app.add_typer(slack)
app.add_typer(scenario_commands.scenario)

app.add_typer(account_commands.user)
app.add_typer(account_commands.team)
app.add_typer(account_commands.token)
app.add_typer(account_commands.tenant)


def show(body: Any, as_json: bool, for_people: Any) -> None:
    (terminal.show_json if as_json else for_people)(body)


def main() -> None:
    """The entry point: every error is one line on standard error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # text streams have it
    sys.exit(_run())


def _run() -> int:
    try:
        return int(app(standalone_mode=False) or 0)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("COACH_DEBUG"):
            raise
        return _told(error)


def _told(error: Exception) -> int:
    if isinstance(error, CoachError | KnowledgeError):
        terminal.complain(error)
        is_misuse = isinstance(error, BadInput) or getattr(error, "status", 0) == 422
        return MISUSE if is_misuse else FAILED
    if words := getattr(error, "format_message", None):  # the command line was wrong
        terminal.complain(f"{words()} (see coach --help)")
        return MISUSE
    terminal.complain(f"something went wrong ({type(error).__name__}); COACH_DEBUG=1 shows where")
    return FAILED


if __name__ == "__main__":
    main()
