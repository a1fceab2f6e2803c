"""The claim ledger: each sentence of the seller against the evidence."""

from coach.claims.checker import ClaimChecker, unchecked
from coach.claims.ledger import NO_VERDICT, Citation, Claim, ClaimStatus

__all__ = ["NO_VERDICT", "Citation", "Claim", "ClaimChecker", "ClaimStatus", "unchecked"]
