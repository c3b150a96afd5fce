"""Scores of runs → estimates with intervals.

Everything here takes a `Scores` (one row a run) and the name of a metric, and returns estimates
that carry their interval, their number of runs and how they were found. The replication unit is
the run. Imports neither torch nor a study.
"""

from uphold.statistics.additivity import Additivity, additivity
from uphold.statistics.breakdown import Band, Part, bands
from uphold.statistics.contrasts import Contrast, contrast
from uphold.statistics.descriptions import describe, marginal_means
from uphold.statistics.equivalence import equivalent
from uphold.statistics.estimate import Estimate
from uphold.statistics.factorial import anova
from uphold.statistics.interactions import Step, interaction
from uphold.statistics.oneway import Anova, anova_oneway
from uphold.statistics.power import (
    anova_minimum_detectable_effect,
    anova_seeds_needed,
    minimum_detectable_effect,
    seeds_needed,
)
from uphold.statistics.scores import Scores

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
    "contrast",
    "describe",
    "equivalent",
    "interaction",
    "marginal_means",
    "minimum_detectable_effect",
    "seeds_needed",
]
