"""Who may come in: tenants, users, teams, their tokens and their visits by browser."""
