"""Paths become the content of an index: what changed, what is gone, whose an id is; a report."""
