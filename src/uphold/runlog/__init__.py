"""Anyone's run log, beyond its claims and its audit: analysis, tables, what to run next."""
