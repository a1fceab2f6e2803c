"""Workshops: a cohort practises the same scenarios, under a trainer who sees how it goes."""
