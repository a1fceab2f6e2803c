"""Words for the buyer's next act. Code has decided the act; here it is only said.

The scripted voice composes written lines (``lines/`` and the scenario's own) in the manner of the
person who speaks; a model rewords what the scripted voice would say.
"""

from __future__ import annotations

from coach.voice.asking import PROMPT, variables
from coach.voice.composing import compose
from coach.voice.modelled import speak
from coach.voice.moment import EMBEDDED, Moment, Utterance

__all__ = ["EMBEDDED", "PROMPT", "Moment", "Utterance", "compose", "speak", "variables"]
