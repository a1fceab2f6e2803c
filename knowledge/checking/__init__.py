"""Is the evidence sound? Stale, contradictory, repeated, unproven, absent; us against them."""
