"""Which arm has which part: a row a setting, a column an arm.

In: a sweep of named arms. Out: a table of the settings in which its arms differ.
"""

from great_tables import GT

from uphold.format import count, level, name
from uphold.pages.arms import ARM, settings
from uphold.pages.run_tables import OFF, SWITCH, cell
from uphold.pages.table import coloured, plain
from uphold.pages.writeup import Sweep

NONE = "none"
"""A setting's value where the part is missing."""


def table(sweep: Sweep) -> GT:
    """Each setting that arms change, arm by arm, and how many parameters an arm trains."""
    arms = sweep.levels(ARM)
    found = {arm: settings(sweep, {ARM: arm}) for arm in arms}
    changed = [
        key for key in sweep.in_order(found[arms[0]])
        if len({repr(one.get(key)) for one in found.values()}) > 1
    ]  # fmt: skip
    rows = [[name(key), *(_cell(one.get(key)) for one in found.values())] for key in changed]
    sizes = dict(zip(sweep.runs[ARM], sweep.runs["parameters"], strict=True))
    rows.append(["parameters", *(count(sizes[arm]) for arm in arms)])
    shown = plain(rows, ["setting", *map(level, arms)]).cols_align("center", list(map(level, arms)))
    return coloured(shown, SWITCH)


def _cell(value: object) -> str:
    return OFF if value == NONE else cell(value)
