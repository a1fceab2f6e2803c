"""The rep's guess at what the buyer hides: how close it is, without giving the answer away."""
