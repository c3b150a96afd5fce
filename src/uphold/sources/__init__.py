"""Readers of files that users bring: checked, bounded in memory, nothing in them is run."""
