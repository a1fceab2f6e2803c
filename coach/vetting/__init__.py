"""What a model may not say for the buyer, found by code in its words, sentence by sentence.

``ground`` holds what the words are held against in one turn; each other file is one check, a pure
function from the words and the ground to a ``Fault`` or None. ``vet`` asks all of them.
"""

from __future__ import annotations

from coach.vetting.fault import Fault
from coach.vetting.ground import Ground
from coach.vetting.leaking import notes_of
from coach.vetting.repeating import prints
from coach.vetting.vet import LONGEST, vetted, vetted_whole
from coach.vetting.window import Window

__all__ = [
    "LONGEST",
    "Fault",
    "Ground",
    "Window",
    "notes_of",
    "prints",
    "vetted",
    "vetted_whole",
]
