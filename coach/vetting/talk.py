"""Whether words that a model wrote for a seller are talk that may be shown at all."""

from __future__ import annotations

from coach.vetting.language import is_foreign
from coach.vetting.leaking import NOTES, notes_of
from coach.vetting.markup import is_marked
from coach.vetting.role import is_program
from coach.vetting.straying import is_far, shipped_vocabulary
from coach.vetting.words import runs, stems


def is_speakable(text: str, prompt: str, known: str) -> bool:
    """Plain English that repeats nothing of ``prompt``, links to nothing and stays with the matter;
    ``known`` is what the other side said."""
    strange = is_marked(text, known) or is_foreign(text) or is_program(text)
    repeats = runs(text, NOTES) & notes_of(prompt)
    return not (strange or repeats or is_far(text, shipped_vocabulary() | stems(known)))
