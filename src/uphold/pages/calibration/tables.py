"""The tables of the page of calibration."""

from great_tables import GT

from uphold.analysis.model.calibration import Looking, Rate
from uphold.format import MISSING, count, counted, number
from uphold.pages.calibration.page import CalibrationPage, FalseVerdict, false_verdicts, intervals
from uphold.pages.calibration.say import (
    DOUBTFUL,
    HELD,
    MISSED,
    OVER,
    held,
    percent,
    points,
    share,
    value_of,
    wanted,
    within,
)
from uphold.pages.table import coloured, plain
from uphold.palette import colour

COLOURS = {
    HELD: colour("holds"),
    DOUBTFUL: colour("doubtful"),
    OVER: colour("fails"),
    MISSED: colour("fails"),
}
LOOKED: dict[Looking, tuple[str, str]] = {
    "supported": ("supported", "one claim"),
    "refuted": ("refuted", "one claim"),
    "equivalent": ("equivalent", "one claim"),
    "family": ("supported", "any of ten claims, a tenth of the runs missing"),
}
CLAIMED = {
    "difference": "the arms differ",
    "increase": "it rises",
    "no-increase": "it does not rise",
    "no-decrease": "it does not fall",
    "no-effect": "nothing changes",
    "gain": "it gains that much",
    "bound": "every mean is above",
    "bound from above": "every mean is below",
    "stability difference": "spread differs",
    "stability increase": "spread rises",
    "stability no-increase": "no wider spread",
    "stability no-effect": "spread stays",
}


HEADS = ["logs with", "given in", "limit", "false verdict", "most in a design"]


def rates(page: CalibrationPage) -> GT:
    """List each kind of log with what would be wrong there, and how often it was."""
    return coloured(plain([_row(page, one) for one in false_verdicts(page)], HEADS), COLOURS)


def beyond(page: CalibrationPage) -> GT:
    """List the same of logs that break what verdicts assume, and what their intervals hold."""
    rows = [(*_row(page, o), share(o.of.covered)) for o in false_verdicts(page, beyond=True)]
    return coloured(plain(rows, [*HEADS, "interval holds"]), COLOURS)


def _row(page: CalibrationPage, one: FalseVerdict) -> tuple[str, ...]:
    return (
        one.scenario.title,
        share(one.rate),
        held(one.rate, page.found.limits.wrong),
        f"{one.verdict}: {CLAIMED[one.claimed]}",
        _highest(one),
    )


def _highest(one: FalseVerdict) -> str:
    designs = {name: of.wrong[one.verdict] for name, of in one.of.designs.items()}
    name = max(designs, key=lambda name: value_of(designs[name]))
    shown = name.removeprefix(f"{one.claimed}, ")
    return f"{percent(designs[name].value)} of {counted(designs[name].draws, 'log')} with {shown}"


def coverage(page: CalibrationPage) -> GT:
    """List how often the interval of an effect holds the true one."""
    rows = []
    for scenario, claimed, of in intervals(page):
        if of.covered is not None:
            low, high = wanted(page, scenario)
            should = f"{points(low)} to {points(high)} %"
            state = within(of.covered, low, high)
            rows.append((scenario.title, CLAIMED[claimed], share(of.covered), should, state))
    heads = ["logs with", "claimed", "covered", "should be", "limit"]
    return coloured(plain(rows, heads), COLOURS)


def looks(page: CalibrationPage) -> GT:
    """List how often a verdict is false at any look, naively and with declared looks."""
    limit = page.found.limits.wrong
    rows = [
        (*LOOKED[key], share(both.naive), share(both.declared), held(both.declared, limit))
        for key, both in page.found.looks.items()
    ]
    heads = ["false verdict", "of", "judged anew at each look", "looks declared", "limit, declared"]
    return coloured(plain(rows, heads), COLOURS)


def peers(page: CalibrationPage) -> GT:
    """List how often others find a difference in the same logs, in which there is none."""
    found = page.peers
    rows = [
        (
            f"{peer.package} {peer.version}".strip(),
            peer.usage,
            *(_refusing(peer.rates[key]) for key in found.scenarios),
        )
        for peer in found.peers.values()
    ]
    return plain(rows, ["package", "used as", *found.scenarios.values()])


def loops(page: CalibrationPage) -> GT:
    """List what the gate kept, found and took in loops of proposals, and what the rule did."""
    found = page.loops
    rows = [
        (
            of.title,
            share(of.any_false),
            MISSING if of.found is None else share(of.found),
            number(of.runs, 1),
            count(of.fixed),
            number(of.false_by_score, 1),
        )
        for of in found.cases.values()
    ]
    by_gate = ["anything false", "gains kept", "runs a proposal"]
    heads = ["loops", *by_gate, "runs, fixed design", "false keeps by score"]
    return plain(rows, heads).tab_spanner("by the gate", by_gate)


def _refusing(rate: Rate | None) -> str:
    return "refuses" if rate is None else percent(rate.value)
