"""How often verdicts are wrong: run logs that are made up, judged as any log is, and counted.

In: a number of draws and a seed. Out: for each scenario how often a verdict was one that is false
there, how often intervals hold the true effect, how often a true effect is found, each with its
Monte Carlo error. Promised: a log that was made up goes the way of a user's log, from a table and a
spec through `uphold.runlog.make_log` to `uphold.claims.judge`, so that what is measured is what is
used; what is true of it is known and says by itself which verdicts are false.
"""
