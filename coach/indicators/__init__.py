"""What a team aims at, soon and in the long run, and the numbers that say how far it is."""
