"""The manifest to paste into Slack, for one address. Pure."""

from __future__ import annotations

from typing import Any

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "chat:write",
    "chat:write.customize",
    "commands",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)
EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")
PROMPTS = (
    ("Choose an objection", "practise"),
    ("They never heard of us", "practise trust-unknown"),
    ("They have a supplier", "practise incumbent-competitor"),
)


def manifest(address: str, socket: bool = False) -> dict[str, Any]:
    """``socket`` for Socket Mode, where Slack needs no address."""
    door = {} if socket else {"request_url": f"{address}/slack/events"}
    command: dict[str, Any] = {
        "command": "/coach",
        "description": "Practise an objection, or ask what to answer",
        "usage_hint": "practise [scenario] | answer what the customer said",
        "should_escape": False,
    }
    shortcut = {
        "name": "How do I answer this?",
        "type": "message",
        "callback_id": "answer_this",
        "description": "Suggested replies, with their sources",
    }
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if not socket:
        oauth["redirect_urls"] = [f"{address}/slack/back"]
        command["url"] = f"{address}/slack/events"
    return {
        "display_information": {
            "name": "Objection Coach",
            "description": "Practise sales objections against a buyer who must be won.",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": "Practise sales objections against a buyer who must be won.",
                "suggested_prompts": [{"title": t, "message": m} for t, m in PROMPTS],
            },
            "bot_user": {"display_name": "Objection Coach", "always_online": True},
            "shortcuts": [shortcut],
            "slash_commands": [command],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**door, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **door},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }
