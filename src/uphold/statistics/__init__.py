"""Scores of runs → estimates with intervals.

Everything here takes a `Scores` (one row a run) and the name of a metric, and returns estimates
that carry their interval, their number of runs and how they were found. The replication unit is
the run. Imports neither torch nor a study.
"""
