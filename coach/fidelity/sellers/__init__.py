"""Scripted sellers for measuring the buyer, from skilful to hopeless."""

from collections.abc import Mapping

from coach.fidelity.sellers.lines import lines, sayable
from coach.fidelity.sellers.reciting import Reciter, pasting, polite_but_deaf, reciting, weak
from coach.fidelity.sellers.skilled import Average, Liar, Strong
from coach.fidelity.sellers.view import Maker, Seller, View

__all__ = [
    "HOPELESS",
    "SELLERS",
    "Average",
    "Liar",
    "Reciter",
    "Seller",
    "Strong",
    "View",
    "lines",
    "sayable",
]

#: Who can be asked to play, by name.
SELLERS: Mapping[str, Maker] = {
    "strong": Strong,
    "average": Average,
    "weak": weak,
    "deaf": polite_but_deaf,
    "pusher": reciting("pusher"),
    "liar": Liar,
    "stuffer": reciting("stuffer"),
    "flatterer": reciting("flatterer"),
    "silent": reciting("silent"),
    "paster": pasting,
}
#: Who must never reach a next step at normal and hard.
HOPELESS = tuple(name for name in SELLERS if name not in ("strong", "average"))
