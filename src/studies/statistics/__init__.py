"""Scores of runs → estimates with intervals.

Everything here takes a `Scores` (one row a run) and the name of a metric, and returns estimates
that carry their interval, their number of runs and how they were found. The replication unit is
the run. Imports neither torch nor a study.
"""

from studies.statistics.additivity import Additivity, additivity
from studies.statistics.adjustment import holm
from studies.statistics.breakdown import Band, Part, bands
from studies.statistics.contrasts import Contrast, contrast
from studies.statistics.descriptions import describe, marginal_means
from studies.statistics.equivalence import equivalent
from studies.statistics.estimate import Estimate
from studies.statistics.factorial import anova
from studies.statistics.interactions import Step, interaction
from studies.statistics.oneway import Anova, anova_oneway
from studies.statistics.power import (
    anova_minimum_detectable_effect,
    anova_seeds_needed,
    minimum_detectable_effect,
    seeds_needed,
)
from studies.statistics.resampling import bootstrap
from studies.statistics.scores import Scores

__all__ = [
    "Additivity",
    "Anova",
    "Band",
    "Contrast",
    "Estimate",
    "Part",
    "Scores",
    "Step",
    "additivity",
    "anova",
    "anova_minimum_detectable_effect",
    "anova_oneway",
    "anova_seeds_needed",
    "bands",
    "bootstrap",
    "contrast",
    "describe",
    "equivalent",
    "holm",
    "interaction",
    "marginal_means",
    "minimum_detectable_effect",
    "seeds_needed",
]
