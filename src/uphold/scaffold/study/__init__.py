"""Points of several classes, told apart by a small network."""
