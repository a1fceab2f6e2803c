"""All checks, in the order in which their answers are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coach.vetting.deciding import softened, undecided
from coach.vetting.fault import Fault
from coach.vetting.figures import invented_name, invented_number
from coach.vetting.ground import Ground
from coach.vetting.language import foreign
from coach.vetting.leaking import leak
from coach.vetting.markup import markup
from coach.vetting.repeating import repeated
from coach.vetting.role import role
from coach.vetting.straying import strayed

LONGEST = 900  # characters of a reply

CHECKS: Sequence[Callable[[str, Ground], Fault | None]] = (
    leak,
    role,
    markup,
    foreign,
    undecided,
    invented_number,
    invented_name,
    repeated,
    strayed,
)


def vetted(sentence: str, before: str, ground: Ground) -> Fault | None:
    """What is wrong with the next ``sentence`` of a reply that began with ``before``; None: it may
    be shown. What would only show over the seam of two sentences is looked for too."""
    if len(before) + len(sentence) > LONGEST:
        return Fault.TOO_LONG
    if not sentence.strip():
        return None
    found = (check(sentence, ground) for check in CHECKS)
    return next((fault for fault in found if fault), None) or leak(before + sentence, ground)


def vetted_whole(text: str, ground: Ground) -> Fault | None:
    """What is wrong with a whole reply, as its sentences don't show."""
    if not text.strip():
        return Fault.EMPTY
    return vetted(text, "", ground) or softened(text, ground)
