"""What was practised, for other programs: statements for an LMS, rows for a sheet, webhooks."""
