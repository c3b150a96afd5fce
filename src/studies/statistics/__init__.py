"""Scores of runs → estimates with intervals.

Everything here takes a `Scores` (one row a run) and the name of a metric, and returns estimates
that carry their interval, their number of runs and how they were found. The replication unit is
the run. Imports neither torch nor a study.
"""

from studies.statistics.contrasts import Contrast, contrast
from studies.statistics.descriptions import describe, marginal_means
from studies.statistics.estimate import Estimate
from studies.statistics.factorial import anova
from studies.statistics.interactions import Step, interaction
from studies.statistics.oneway import Anova, anova_oneway
from studies.statistics.resampling import bootstrap
from studies.statistics.scores import Scores

__all__ = [
    "Anova",
    "Contrast",
    "Estimate",
    "Scores",
    "Step",
    "anova",
    "anova_oneway",
    "bootstrap",
    "contrast",
    "describe",
    "interaction",
    "marginal_means",
]
