"""Which file has each id: whoever is first to take it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set


class Owners:
    """Names of files by id, and the hash of what the id stands for; two files may agree on it."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = {}
        self._hashes: dict[str, str] = {}

    @property
    def ids(self) -> Set[str]:
        return self._names.keys()

    def take(self, name: str, hashes: Iterable[tuple[str, str]]) -> None:
        """Those that nobody has are the file's from now on."""
        for key, digest in hashes:
            if self._hashes.setdefault(key, digest) == digest:
                self._names.setdefault(key, []).append(name)

    def name(self, key: str) -> str | None:
        """Who was first to take it."""
        return next(iter(self._names.get(key, ())), None)

    def named(self, key: str) -> str | None:
        """Whom to name of those who agree: the same one, whoever was first."""
        return min(self._names.get(key, ()), default=None)

    def agree(self, key: str, digest: str) -> bool:
        """True when the id is somebody's, and stands for this."""
        return self._hashes.get(key) == digest

    def refuse(self, key: str, digest: str) -> bool:
        """True when the id stands for something else."""
        return key in self._hashes and not self.agree(key, digest)
