"""Texts become vectors: the embedded model, a remote one, and the memory of both."""
