"""The claim ledger: each sentence of the seller against the evidence."""

from coach.claims.checker import ClaimChecker
from coach.claims.ledger import Citation, Claim, ClaimStatus

__all__ = ["Citation", "Claim", "ClaimChecker", "ClaimStatus"]
