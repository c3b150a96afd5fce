"""How often a test may err: what all tests, intervals and plans are made for."""

ALPHA = 0.05
"""The level of a test: the share of true null hypotheses that it may reject."""

LEVEL = 0.95
"""The share of intervals that hold the true value."""

POWER = 0.80
"""The share of effects, of the size that is planned for, that runs are to find."""
