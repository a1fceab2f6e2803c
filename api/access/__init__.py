"""Who is at the door, and what they may do: one rule for each route, kept by every request."""
