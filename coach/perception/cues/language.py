"""Small words: those that hold an English sentence together, and those of other languages."""

from __future__ import annotations

import re

from coach.perception.cues.phrases import anywhere

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")

#: Small words that hold an English sentence together; key-word lists lack them.
GLUE = frozenset(
    """
    a an the and or but so if of to in on at by for with from as that this these those it its is
    are was were be been am do does did have has had will would can could should may might must
    not no n't i you he she we they me him her us them my your his our their what which who how
    why when where there here than then too very just about into over after before up out
    because while also per each every all any some only both through within without during
    between until since more such well i'm i'll i'd i've you're you'd you'll you've we're we'll
    we've we'd it's that's don't isn't doesn't didn't can't won't let's what's there's they're
    wouldn't couldn't haven't
    """.split()  # noqa: SIM905  a word list reads better than quoted items
)
#: A list of these alone asks nothing.
ASKING = frozenset({"what", "how", "why", "who", "when", "where", "which"})

_FOREIGN = {
    "German": (
        "der die das und ist nicht ich wir sie ein eine mit für auf dass aber haben wird "
        "sind auch kann wie zu den"
    ),
    "French": (
        "le la les et est ne pas je nous vous un une avec pour que mais des dans sur sont"
        " qui votre du ce"
    ),
    "Spanish": (
        "el la los y es no yo nosotros usted un una con para que pero en por son su del se lo como"
    ),
    "Dutch": (
        "de het een en is niet ik wij jullie u met voor dat maar hebben zijn ook van op te wat hoe"
    ),
    "Portuguese": (
        "o a os e é não eu nós você um uma com para que mas em por são seu do da os como"
    ),
    "Italian": "il lo la e è non io noi voi un una con per che ma in di sono del gli come questo",
    "Swedish": "och är inte jag vi du ni en ett med för att men har som på det den av till kan",
    "Polish": "i jest nie ja my wy z dla że ale są na w do się to jak czy co",
}
_SMALL = {language: small.split() for language, small in _FOREIGN.items()}

NEGATED = anywhere(
    r"\b(?:not|no|never|nothing|nobody|neither|without|cannot|hardly|unable)\b|n't\b"
)
#: An offer or a condition asserts nothing.
MODAL = anywhere(r"\b(?:would|could|can|may|might|will|if|whether|until|unless)\b|'(?:d|ll)\b")
CLAUSE_END = re.compile(r"[,;:.!?](?!\d)|[()\"“”\n–—]")
#: Can't be put between the quotation marks of somebody who speaks.
UNSPEAKABLE = re.compile(r"[<>{}\[\]|*_`#@/\\]|\bi\b", re.IGNORECASE)


def language_of(said: list[str]) -> str | None:
    """The name of a foreign language that ``said`` (lower case) seem to be in, or None."""
    if len(said) < 3:
        return None
    glue = sum(word in GLUE for word in said) / len(said)
    best, hits = max(
        ((name, sum(word in small for word in said) / len(said)) for name, small in _SMALL.items()),
        key=lambda pair: pair[1],
    )
    return best if hits > max(0.18, glue * 1.2) else None
