"""Machine-learning studies whose write-ups cannot go stale or overclaim."""
