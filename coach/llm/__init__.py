"""The language models, where any are configured: the only room that touches langchain and openai.

They are imported at the first answer, on a thread, because that takes more than a second.
"""

from coach.llm.breaker import Breaker
from coach.llm.connecting import DEFAULT_MODEL, connect
from coach.llm.model import LanguageModel

__all__ = ["DEFAULT_MODEL", "Breaker", "LanguageModel", "connect"]
