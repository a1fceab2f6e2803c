"""Workspaces: the one whose token the settings hold, and those that were added by OAuth."""

from __future__ import annotations

from urllib.parse import urlencode

from slack_sdk.errors import SlackApiError

from api.slack.asked import client_for
from api.slack.manifest import SCOPES
from coach.errors import BadInput, NotFound, Unavailable
from coach.messenger.desk import Messenger
from coach.messenger.people import Installation
from coach.messenger.settings import SlackSettings
from coach.session import LOCAL

AUTHORIZE = "https://slack.com/oauth/v2/authorize"
NOT_SET = "adding workspaces isn't set up: COACH_SLACK_CLIENT_ID and COACH_SLACK_CLIENT_SECRET"
STRANGE = "this was begun by somebody of another company; begin at /slack/install yourself"
ANOTHER = "this workspace was added by another tenant; take the app out of it there first"


class Workspaces:
    def __init__(self, messenger: Messenger, settings: SlackSettings, address: str) -> None:
        self._messenger, self._settings, self._address = messenger, settings, address
        self._own: Installation | None = None

    async def installation(self, workspace: str) -> Installation | None:
        """None where the coach isn't installed."""
        found = await self._messenger.installation(workspace)
        if found is None and self._settings.bot_token:
            own = self._own = self._own or await self._opened()
            return own if own.workspace == workspace else None
        return found

    async def _opened(self) -> Installation:
        client = client_for(self._settings.api, self._settings.bot_token)
        try:
            answer = await client.auth_test()
        except (SlackApiError, OSError) as error:
            raise Unavailable("Slack doesn't take COACH_SLACK_BOT_TOKEN, or is away") from error
        return Installation(
            workspace=str(answer["team_id"]),
            tenant=LOCAL.tenant,
            title=str(answer.get("team", "")),
            bot=str(answer["user_id"]),
            scopes="",
            installed_at=self._messenger.clock(),
            token=self._settings.bot_token,
        )

    async def leaving(self, tenant: str) -> str:
        """The page of Slack's on which an admin adds the coach to a workspace."""
        if not self._settings.client_id:
            raise NotFound(NOT_SET)
        state = await self._messenger.send_away("install", tenant)
        asked = {
            "client_id": self._settings.client_id,
            "scope": ",".join(SCOPES),
            "state": state,
            "redirect_uri": f"{self._address}/slack/back",
        }
        return f"{AUTHORIZE}?{urlencode(asked)}"

    async def came_back(self, tenant: str, code: str, state: str) -> Installation:
        """The workspace that was added, for the tenant whose admin went to add it."""
        given = await self._messenger.came_back("install", state)
        if given.tenant != tenant:
            raise BadInput(STRANGE)
        client = client_for(self._settings.api, "")
        shown = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
            "code": code,
            "redirect_uri": f"{self._address}/slack/back",
        }
        try:
            # Not by ``oauth_v2_access``: that uses a way of aiohttp's that is going away.
            answer = await client.api_call("oauth.v2.access", data=shown)
        except SlackApiError as error:
            raise BadInput("Slack didn't confirm this; add the coach once more") from error
        workspace = str(answer["team"]["id"])
        before = await self._messenger.installation(workspace)
        if before is not None and before.tenant != given.tenant:
            raise BadInput(ANOTHER)
        made = Installation(
            workspace=workspace,
            tenant=given.tenant,
            title=str(answer["team"].get("name") or ""),
            bot=str(answer["bot_user_id"]),
            scopes=str(answer.get("scope", "")),
            installed_at=self._messenger.clock(),
            token=str(answer["access_token"]),
        )
        await self._messenger.install(made)
        return made

    async def forget(self, workspace: str) -> None:
        await self._messenger.uninstall(workspace)
