"""Taking a moment of a talk again: branches of a session, and two attempts side by side."""
