"""Model names as people write them: ``name``, or ``provider:name`` where langchain knows it."""

from __future__ import annotations

OPENAI = "openai"  # also the word for every server that speaks OpenAI's protocol

#: Prefixes that langchain opens. Anything else before a colon belongs to the name itself:
#: ``llama3.2:3b``, ``ft:gpt-4o:team``.
# fmt: off
PROVIDERS = frozenset({
    "anthropic", "azure_openai", "bedrock_converse", "cohere", "deepseek", "google_genai", "groq",
    "mistralai", "ollama", OPENAI, "openrouter", "together", "xai",
})
# fmt: on


def provider_and_name(model: str | None) -> tuple[str, str | None]:
    prefix, colon, rest = (model or "").partition(":")
    return (prefix, rest) if colon and prefix in PROVIDERS else (OPENAI, model or None)
