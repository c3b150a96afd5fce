"""Keep a candidate, discard it, or run it again: a decision that may be asked for after every run.

In: the runs of a loop in which someone, or a program, proposes one change after another. Out: for
one candidate against one baseline ``keep``, ``discard`` or ``run K more``. Promised: however often
it is asked, and however many candidates are proposed, the chance of keeping any candidate that
gains nothing stays below `uphold.error_rates.ALPHA`; see `uphold.gate.evidence` and
`uphold.gate.spending` for how, and the page on calibration for how often it happens.
"""
