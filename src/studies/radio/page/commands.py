"""What each configuration is called by commands, and the archived script's options for its mixup.

In: the sweeps of a page. Out: tables. Of the archived script only the options of mixup are known.
"""

import shlex

from great_tables import GT

from studies.radio.page.every import configurations
from studies.radio.page.steps import ordered
from studies.radio.settings.run import RadioRun
from uphold.format import exact, level
from uphold.pages.arms import ARM, settings
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep

REACHES = {"all-losses": "--mixup-all-losses", "classifier-only": "--mixup-cls-only"}
"""The archived option for what mixed frames reach, by what they reach."""


def names(page: Page) -> GT:
    """Each sweep with its configurations as a shell takes them, equal ones once."""
    found: dict[str, list[str]] = {}
    for _, sweep, c in configurations(page):
        found.setdefault(sweep.name, []).append(shlex.quote(c.configuration))
    heads = {"sweep": "22%", "configurations": "78%"}
    return plain([(one, "  ".join(found[one])) for one in found], list(heads)).cols_width(heads)


def archived(sweep: Sweep) -> GT:
    """Each arm that mixes with the archived script's options for it."""
    runs = {
        level(c.levels[ARM]): RadioRun(**sweep.designed.design.fixed | settings(sweep, c.levels))
        for c in ordered(sweep)
    }
    rows = [(arm, options(run)) for arm, run in runs.items() if run.mixup in REACHES]
    return plain(rows, [ARM, "archived options"])


def options(run: RadioRun) -> str:
    """Return the options by which the archived script mixes as a run does."""
    words = [
        f"--mixup-alpha {exact(run.mixup_alpha)}",
        f"--mixup-prob {exact(run.mixup_probability)}",
    ]
    if run.mixup_min_snr is not None:
        words.append(f"--mixup-snr-min {exact(run.mixup_min_snr)}")
    return " ".join([*words, REACHES[run.mixup]])
