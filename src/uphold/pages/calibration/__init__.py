"""What the page of calibration shows: how often a verdict is wrong.

In: what ``uphold calibrate`` and ``bench/peers.py`` left. Promised: a rate stands with the interval
that its number of draws leaves; one over its limit is named wherever rates are summed up.
"""
