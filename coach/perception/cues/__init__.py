"""Words and phrases that give a move away: the rule half of perception (the other is meaning)."""
