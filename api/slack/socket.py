"""Socket Mode, for development: what comes by it is kept like all else, then acknowledged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

Keep = Callable[[dict[str, Any]], Awaitable[None]]


async def connect(token: str, web: AsyncWebClient, keep: Keep) -> SocketModeClient:
    """Connected, and connecting again by itself until it is closed."""
    client = SocketModeClient(app_token=token, web_client=web)

    async def came(socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        await keep(request.payload)
        await socket.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    client.socket_mode_request_listeners.append(came)
    await client.connect()  # type: ignore[no-untyped-call]
    return client
