"""``coach user``, ``team``, ``token`` and ``tenant``: written into the home's own database.

Whoever may write that file is trusted: no token is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api import terminal
from api.options import Home, Json
from coach.settings import load_settings

if TYPE_CHECKING:
    from coach.accounts.account import Team, Tenant, Token, User
    from coach.accounts.book import AccountBook

user = typer.Typer(
    name="user", help="Say who may come in: users and their roles.", no_args_is_help=True
)
team = typer.Typer(
    name="team", help="Put users into teams, and say who trains them.", no_args_is_help=True
)
token = typer.Typer(
    name="token", help="Make and revoke the tokens that open the door.", no_args_is_help=True
)
tenant = typer.Typer(name="tenant", help="Keep companies apart on one coach.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Such as anna@acme.example.")]
TeamName = Annotated[str, typer.Argument(help="The team's name.")]
Where = Annotated[str, typer.Option("--tenant", help="Of which tenant; see coach tenant list.")]
Anywhere = Annotated[str | None, typer.Option("--tenant", help="Only of this tenant.")]
Roles = Annotated[
    list[str], typer.Option("--role", help="rep, trainer or admin; may be given again.")
]


@contextmanager
def _book(home: Path | None) -> Iterator[AccountBook]:
    from api.wiring import open_accounts  # noqa: PLC0415  # the database is slow to load

    with open_accounts(load_settings(home)) as accounts:
        yield accounts


@user.command("add")
def add_user(
    name: Name,
    role: Roles = ["rep"],  # noqa: B006  # typer copies it
    tenant: Where = "local",
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Give them what was practised without users.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add a user. The first one must be an admin; from then on everybody needs a token."""
    with _book(home) as accounts:
        made, taken = accounts.add_user(name, role, tenant, take_over)
    told = {**of_user(made), **({"taken_over": taken} if take_over else {})}
    more = f"; {taken} sessions are theirs now" if take_over else ""
    _tell(told, as_json, f"Added {_user_line(told)}{more}. Next: coach token create {made.name}")


@user.command("list")
def list_users(tenant: Anywhere = None, home: Home = None, as_json: Json = False) -> None:
    """List users with their roles and teams."""
    with _book(home) as accounts:
        found = [of_user(one) for one in accounts.users(tenant)]
    _list(found, as_json, _user_line, "There are no users: whoever reaches this machine is one.")


@user.command("role")
def set_role(
    name: Name, role: Roles, tenant: Where = "local", home: Home = None, as_json: Json = False
) -> None:
    """Give a user these roles instead of those they have."""
    with _book(home) as accounts:
        told = of_user(accounts.set_roles(name, role, tenant))
    _tell(told, as_json, f"Now: {_user_line(told)}")


@user.command("disable")
def disable(name: Name, tenant: Where = "local", home: Home = None, as_json: Json = False) -> None:
    """Shut a user out at once; what they did stays."""
    with _book(home) as accounts:
        told = of_user(accounts.disable(name, tenant))
    _tell(told, as_json, f"Disabled {told['name']}; their tokens open nothing any more.")


@user.command("enable")
def enable(name: Name, tenant: Where = "local", home: Home = None, as_json: Json = False) -> None:
    """Let a disabled user in again."""
    with _book(home) as accounts:
        told = of_user(accounts.enable(name, tenant))
    _tell(told, as_json, f"Enabled {told['name']}; their tokens open the door again.")


@team.command("add")
def add_team(
    name: TeamName, tenant: Where = "local", home: Home = None, as_json: Json = False
) -> None:
    """Make a team."""
    with _book(home) as accounts:
        told = of_team(accounts.add_team(name, tenant))
    _tell(
        told, as_json, f"Made the team {told['name']}. Next: coach team join {told['name']!r} USER"
    )


@team.command("list")
def list_teams(tenant: Anywhere = None, home: Home = None, as_json: Json = False) -> None:
    """List teams with their members and trainers."""
    with _book(home) as accounts:
        found = [of_team(one) for one in accounts.teams(tenant)]
    _list(found, as_json, _team_line, "There are no teams.")


@team.command("join")
def join(
    name: TeamName,
    user: Name,
    trains: Annotated[
        bool, typer.Option("--trains", help="As a trainer: they read what members practise.")
    ] = False,
    tenant: Where = "local",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Put a user into a team."""
    with _book(home) as accounts:
        told = of_team(accounts.join(name, user, tenant, trains))
    _tell(told, as_json, _team_line(told))


@team.command("leave")
def leave(
    name: TeamName, user: Name, tenant: Where = "local", home: Home = None, as_json: Json = False
) -> None:
    """Take a user out of a team."""
    with _book(home) as accounts:
        told = of_team(accounts.leave(name, user, tenant))
    _tell(told, as_json, _team_line(told))


@token.command("create")
def create_token(
    user: Name,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    days: Annotated[int | None, typer.Option(help="How long it holds; else until revoked.")] = None,
    tenant: Where = "local",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make a token for a user. It is shown now and never again."""
    with _book(home) as accounts:
        made, text = accounts.create_token(user, label, days, tenant)
    _tell({**of_token(made), "token": text}, as_json, text)
    if not as_json:
        terminal.complain("keep this token; it isn't shown again (in a shell: COACH_TOKEN)")


@token.command("list")
def list_tokens(
    user: Annotated[str | None, typer.Option(help="Only of this user.")] = None,
    tenant: Anywhere = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List tokens: whose, what for, when last used. Never the tokens themselves."""
    with _book(home) as accounts:
        found = [of_token(one) for one in accounts.tokens(tenant, user)]
    _list(found, as_json, _token_line, "There are no tokens.")


@token.command("revoke")
def revoke(
    which: Annotated[str, typer.Argument(help="Its id, or the prefix that the list shows.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Let a token open nothing any more; browsers that came in with it are signed out."""
    with _book(home) as accounts:
        told = of_token(accounts.revoke(which))
    _tell(told, as_json, f"Revoked {told['prefix']} of {told['user']}.")


@tenant.command("add")
def add_tenant(
    name: Annotated[str, typer.Argument(help="A short name, such as acme.")],
    title: Annotated[str, typer.Option(help="The company's name.")] = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make a tenant, with evidence, scenarios, users and sessions of its own."""
    with _book(home) as accounts:
        told = of_tenant(accounts.add_tenant(name, title))
    _tell(told, as_json, f"Made {told['id']}. Next: coach user add NAME --tenant {told['id']}")


@tenant.command("list")
def list_tenants(home: Home = None, as_json: Json = False) -> None:
    """List tenants; local is there from the beginning."""
    with _book(home) as accounts:
        found = [of_tenant(one) for one in accounts.tenants()]
    _list(found, as_json, lambda one: f"{one['id']}  {one['title']}".rstrip(), "")


def of_user(one: User) -> dict[str, Any]:
    return {
        "name": one.name,
        "tenant": one.tenant,
        "roles": sorted(one.roles),
        "teams": list(one.member_of),
        "created_at": _time(one.created_at),
        "disabled_at": _time(one.disabled_at),
    }


def of_team(one: Team) -> dict[str, Any]:
    return {
        "name": one.name,
        "tenant": one.tenant,
        "id": one.id,
        "members": list(one.members),
        "trainers": list(one.trainers),
    }


def of_token(one: Token) -> dict[str, Any]:
    times = ("created_at", "expires_at", "last_used_at", "revoked_at")
    return {
        **{name: getattr(one, name) for name in ("id", "prefix", "user", "tenant", "label")},
        **{name: _time(getattr(one, name)) for name in times},
    }


def of_tenant(one: Tenant) -> dict[str, Any]:
    return {"id": one.id, "title": one.title, "created_at": _time(one.created_at)}


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _tell(told: Mapping[str, Any], as_json: bool, line: str) -> None:
    if as_json:
        terminal.show_json(dict(told))
    else:
        terminal.say(line)


def _list(found: Sequence[dict[str, Any]], as_json: bool, line: Any, none: str) -> None:
    if as_json:
        terminal.show_json({"items": list(found), "next_cursor": None})
        return
    for one in found:
        terminal.say(line(one))
    if not found and none:
        terminal.say(none)


def _user_line(one: Mapping[str, Any]) -> str:
    teams = f", in {', '.join(one['teams'])}" if one["teams"] else ""
    gone = ", disabled" if one["disabled_at"] else ""
    return f"{one['name']} ({one['tenant']}: {', '.join(one['roles'])}{teams}{gone})"


def _team_line(one: Mapping[str, Any]) -> str:
    people = ", ".join(one["members"]) or "nobody yet"
    trained = f"; trained by {', '.join(one['trainers'])}" if one["trainers"] else ""
    return f"{one['name']} ({one['tenant']}): {people}{trained}"


def _token_line(one: Mapping[str, Any]) -> str:
    label = f" ({one['label']})" if one["label"] else ""
    if one["revoked_at"]:
        state = "revoked"
    else:
        state = f"until {one['expires_at'][:10]}" if one["expires_at"] else "until revoked"
    used = one["last_used_at"]
    last = f"last used {used[:16].replace('T', ' ')}" if used else "never used"
    return f"{one['prefix']}  {one['user']}{label}  {state}, {last}"
