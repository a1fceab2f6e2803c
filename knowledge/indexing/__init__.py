"""The rows of a Chroma collection: written, read, shared by processes, moved to another model."""
