"""``prompt | model | parser``: the chain for every provider that langchain opens."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from coach.llm.asking import Question
from coach.llm.ending import Ending
from coach.llm.opening import Opened

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

#: Where the providers tell why an answer ended.
ENDINGS = ("finish_reason", "stop_reason", "done_reason")


async def words_of(opened: Opened, question: Question) -> AsyncGenerator[str, None]:
    """The answer's text, piece by piece; raises when the answer isn't whole."""
    from langchain_core.runnables import RunnableGenerator  # noqa: PLC0415  # slow to load

    async def parsed(chunks: AsyncIterator[AIMessageChunk]) -> AsyncIterator[str]:
        ending = Ending()
        async for chunk in chunks:
            told = chunk.response_metadata
            ending.finish = next((told[k] for k in ENDINGS if told.get(k)), ending.finish)
            count_used(chunk, question)
            if text := str(chunk.text):
                ending.said(text)
                yield text
        ending.check()

    chain = prompt_of() | opened.chat | RunnableGenerator(parsed)
    async with aclosing(chain.astream(told_by(question))) as words:
        async for word in words:
            yield word


def prompt_of() -> Any:
    """Filled with rendered text, which is never itself read as a template."""
    from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder  # noqa: PLC0415

    repair = MessagesPlaceholder("repair", optional=True)
    return ChatPromptTemplate.from_messages([("system", "{system}"), ("human", "{user}"), repair])


def told_by(question: Question, repair: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    return {"system": question.system, "user": question.user, "repair": list(repair)}


def count_used(message: Any, question: Question) -> None:
    """What a message of langchain's says of its tokens."""
    if used := message.usage_metadata:
        question.used(used["input_tokens"], used["output_tokens"])
