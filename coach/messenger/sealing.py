"""Secrets of others, encrypted where they are stored: who copies the database can't use them."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from coach.errors import Misconfigured


class Sealer:
    """``path`` holds a key in each line; the first seals, all of them open.

    It is made at the first use, readable by its owner only. Raises Misconfigured.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def seal(self, secret: str) -> str:
        return self._keys.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._keys.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise Misconfigured(
                f"a stored token can't be opened with the key in {self._path}; put the key back "
                "that it was sealed with, or add the bot to the workspace again"
            ) from error

    @cached_property
    def _keys(self) -> MultiFernet:
        try:
            lines = self._read().split()
            return MultiFernet([Fernet(line) for line in lines])
        except (OSError, ValueError) as error:
            raise Misconfigured(
                f"{self._path} must hold a key as `Fernet.generate_key()` makes it, one in a "
                f"line; it can't be read ({type(error).__name__})"
            ) from error

    def _read(self) -> str:
        try:
            made = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return self._path.read_text(encoding="ascii")
        with os.fdopen(made, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
        return self._path.read_text(encoding="ascii")
