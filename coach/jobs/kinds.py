"""Kinds of jobs that more than one room names."""

DEBRIEF = "debrief"
FIDELITY = "fidelity"
