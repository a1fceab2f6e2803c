"""Compiled Python beside pytest's own notes, where this machine forbids it beside the sources.

Without any, each of the many processes that the tests start would compile all that it imports
again, for seconds.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "bytecode"


def keep() -> None:
    """For this process from now on, and for those that it starts."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(FOLDER)
        sys.dont_write_bytecode = False


keep()
