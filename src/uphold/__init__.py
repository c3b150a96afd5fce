"""Verdicts on runs: a framework for studies whose write-ups cannot go stale or overclaim."""
