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
    found = {one.levels[ARM]: one for one in sweep.designed.configurations}
    rows = [
        (
            level(arm),
            *(mean_sd(sweep, found[arm], score) for score in SCORES),
            runs(sweep, sweep.metric(found[arm], "ece")),
        )
        for arm in sweep.levels(ARM)
    ]
    return plain(rows, [ARM, *SCORES.values(), "runs"])
