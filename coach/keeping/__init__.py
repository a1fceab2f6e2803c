"""How long practice is kept, and who sees that it isn't kept longer."""
