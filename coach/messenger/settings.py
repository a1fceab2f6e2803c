"""What a messenger's door needs to know, from the environment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from coach.errors import Misconfigured

API = "https://slack.com/api/"
JOINING = ("invited", "anyone")


@dataclass(frozen=True)
class SlackSettings:
    """``signing_secret`` proves what comes by HTTP, ``app_token`` opens Socket Mode; one is needed.

    ``bot_token`` is of the one workspace; ``client_id`` and ``client_secret`` add others.
    ``join`` says whether members without a user of the coach become reps (``anyone``).
    """

    signing_secret: str = field(default="", repr=False)
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    join: str = "invited"
    api: str = API


def read_slack(
    text: Callable[[str], str | None], url: Callable[[str], str | None]
) -> SlackSettings | None:
    """None where nothing is said of Slack. Raises Misconfigured, naming the variable."""
    found = SlackSettings(
        signing_secret=text("COACH_SLACK_SIGNING_SECRET") or "",
        bot_token=text("COACH_SLACK_BOT_TOKEN") or "",
        app_token=text("COACH_SLACK_APP_TOKEN") or "",
        client_id=text("COACH_SLACK_CLIENT_ID") or "",
        client_secret=text("COACH_SLACK_CLIENT_SECRET") or "",
        join=text("COACH_SLACK_JOIN") or "invited",
        api=f"{(url('COACH_SLACK_API') or API).rstrip('/')}/",
    )
    if found.join not in JOINING:
        raise Misconfigured(f"COACH_SLACK_JOIN must be {' or '.join(JOINING)}, not {found.join!r}")
    if not (found.signing_secret or found.app_token):
        return None
    if not (found.bot_token or found.client_id):
        raise Misconfigured(
            "COACH_SLACK_BOT_TOKEN is needed, or COACH_SLACK_CLIENT_ID and "
            "COACH_SLACK_CLIENT_SECRET to add workspaces; `coach slack check` tells more"
        )
    if bool(found.client_id) != bool(found.client_secret):
        raise Misconfigured("COACH_SLACK_CLIENT_ID and COACH_SLACK_CLIENT_SECRET go together")
    return found
