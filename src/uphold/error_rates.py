"""How often a test may err: what all tests, intervals and plans are made for.

Sentences and headings call the intervals by their level, "95 %", as their readers do: another level
is another wording.
"""

ALPHA = 0.05
"""The level of a test: the share of true null hypotheses that it may reject."""

LEVEL = 0.95
"""The share of intervals that hold the true value."""

POWER = 0.80
"""The share of effects, of the size that is planned for, that runs are to find."""

FEWEST_UNITS = 5
"""Units from which a verdict is tried without each of them: with fewer it depends on every one."""

FEWEST_GROUPS = 5
"""Groups of test items (recorders, actors): from fewer nothing is said about others like them."""

MOST_SEEDS = 100
"""More than anyone trains: beyond it a plan says so and gives no number."""
