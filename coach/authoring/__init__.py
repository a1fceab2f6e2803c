"""How trainers write scenarios: reading with lines, review, drafts, bundles, versions."""
