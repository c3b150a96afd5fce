"""How sure the networks of each arm are of what they say, against how often they are right."""

from great_tables import GT

from uphold.format import interval, level, number
from uphold.pages.arms import ARM
from uphold.pages.run_tables import mean_sd, runs
from uphold.pages.table import plain
from uphold.pages.writeup import Sweep

SCORES = {"ece": "calibration error", "overconfidence": "confidence − accuracy"}


def to_lower(sweep: Sweep) -> str:
    """Say that the first arm is not shown to be overconfident, where it is not; else nothing."""
    arm = sweep.levels(ARM)[0]
    (one,) = sweep.chosen([{ARM: arm}])
    found, digits = sweep.metric(one, "overconfidence"), sweep.page.digits("overconfidence")
    if found.mean is None or found.mean > 0:
        return ""
    within = f", {interval(found, digits)}" if found.ci_low is not None else ""
    seen = f"{number(found.mean, digits)}{within}"
    return (
        f"The arm “{level(arm)}” is not shown to be overconfident ({seen}): if it is not, what"
        " lowers this score makes the network trust itself even less."
    )


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
