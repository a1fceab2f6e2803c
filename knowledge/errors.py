"""What can go wrong in the knowledge room; the doors turn these into problems too.

KnowledgeError
├── UnreadableFile   a file, or a line of it, can't be read; ``line`` says where (1-based, or None)
├── InvalidEvidence  a record was read but lacks or breaks a field
├── IndexInUse       another process holds the index folder
├── IndexBroken      the index can't be opened; the message says how to rebuild it
├── IndexUnavailable the Chroma server can't be reached; trying again later may help
├── EmbedderBroken   the files of the embedding model are absent or aren't the pinned ones
└── EmbedderUnavailable  the embedding server failed; ``reason`` says how, in few words
"""


class KnowledgeError(Exception):
    """Base of the room; the message is one line and says what to do."""


class UnreadableFile(KnowledgeError):
    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class InvalidEvidence(KnowledgeError): ...


class IndexInUse(KnowledgeError): ...


class IndexBroken(KnowledgeError): ...


class IndexUnavailable(KnowledgeError): ...


class EmbedderBroken(KnowledgeError): ...


class EmbedderUnavailable(KnowledgeError):
    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(f"{reason}: {advice}")
        self.reason = reason
