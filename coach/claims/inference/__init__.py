"""What follows from the evidence for a statement, learnt from sentences that we labelled."""

from coach.claims.inference.reading import Inference, Reading, TokenReader

__all__ = ["Inference", "Reading", "TokenReader"]
