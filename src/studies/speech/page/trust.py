"""How sure the networks of each arm are of what they say, against how often they are right."""

from great_tables import GT

from uphold.format import level
from uphold.pages.arms import ARM
from uphold.pages.run_tables import mean_sd, runs
from uphold.pages.table import plain
from uphold.pages.writeup import Sweep

SCORES = {"ece": "calibration error", "overconfidence": "confidence − accuracy"}


def trust(sweep: Sweep) -> GT:
    """Each arm with mean ± SD of its calibration error, and of its confidence over its accuracy."""
    rows = [
        (
            level(configuration.levels[ARM]),
            *(mean_sd(sweep, configuration, score) for score in SCORES),
            runs(sweep, sweep.metric(configuration, "ece")),
        )
        for configuration in sweep.designed.configurations
    ]
    return plain(rows, [ARM, *SCORES.values(), "runs"])
