"""All tables together, whichever rooms they stand in."""

from __future__ import annotations

from coach.store import account_tables, messenger_tables, tables, team_tables, workshop_tables

ROOMS = (account_tables, messenger_tables, tables, team_tables, workshop_tables)

metadata = tables.metadata
