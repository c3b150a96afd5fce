"""What tools answered about logs whose truth is known → how often they erred, as tables.

In: an adapter's lines and the scenarios. Out: counts as plain data, and Markdown. Promised: a
refusal is never a false claim and always a missed effect; what is warned of still counts as
claimed.
"""

import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from logs import SCENARIOS, Scenario

from uphold.calibration.rates import Rate

CLEAN = ("many-arms", "few-seeds", "real", "datasets", "below-margin", "additive")
"""Logs in which nothing is amiss, not even a run that is missing."""


TIMED = ("real", "datasets", "many-arms")


def is_false(answers: Mapping[str, str], scenario: Scenario) -> bool:
    """Return whether an answer contradicts what is true; a gain that is too small is no gain."""
    wrong = {"none": {"better", "worse"}, "better": {"worse", "small"}, "small": {"worse"}}
    return any(answer in wrong[scenario.truth[arm]] for arm, answer in answers.items())


def misses(answers: Mapping[str, str], scenario: Scenario) -> bool:
    """Return whether a true effect goes without its answer."""
    return any(answers.get(a) != "better" for a, true in scenario.truth.items() if true == "better")


def messages(found: Mapping[str, Any]) -> list[str]:
    return [*found["said"], *filter(None, [found["error"]])]


def names(found: Mapping[str, Any], scenario: Scenario) -> bool:
    """Return whether a message names the fault that was planted."""
    return any(re.search(scenario.named, text, re.IGNORECASE) for text in messages(found))


def warns(found: Mapping[str, Any]) -> bool:
    """Return whether a tool warned; what uphold calls an info or a proposal's comment is none."""
    quiet = ("proposal:", "info:")
    return any(not text.startswith(quiet) for text in messages(found))


def counts(lines: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what one tool's answers come to, by scenario."""
    by: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        by.setdefault(line["scenario"], []).append(line)
    return {name: _count(found, SCENARIOS[name]) for name, found in by.items() if name in SCENARIOS}


def _count(found: Sequence[Mapping[str, Any]], scenario: Scenario) -> dict[str, Any]:
    of = len(found)
    if any("no question" in line["answers"].values() for line in found):
        return {"logs": of, "no question": True}
    said = next((t for line in found for t in messages(line) if _told(t, scenario)), "")
    false = [line for line in found if is_false(line["answers"], scenario)]
    return {
        "logs": of,
        "refused": sum(bool(line["error"]) for line in found),
        "false": len(false),
        "false unsaid": sum(not (scenario.fault and names(line, scenario)) for line in false),
        "missed": sum(misses(line["answers"], scenario) for line in found),
        "small": sum("small" in line["answers"].values() for line in found),
        "better": sum("better" in line["answers"].values() for line in found),
        "named": sum(bool(scenario.fault) and names(line, scenario) for line in found),
        "warned": sum(warns(line) for line in found),
        "said": said,
        "error": next((line["error"] for line in found if line["error"]), ""),
        "lines": next((line["lines"] for line in found if line["lines"]), None),
        "seconds": statistics.median(line["seconds"] for line in found),
    }


def _told(text: str, scenario: Scenario) -> bool:
    return bool(scenario.fault and re.search(scenario.named, text, re.IGNORECASE))


def share(hits: int, of: int) -> str:
    """Return a rate in per cent with its 95 % interval."""
    rate = Rate(hits, of)
    low, high = rate.interval
    return f"{100 * rate.value:.0f} [{100 * low:.0f}, {100 * high:.0f}]"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def cell(of: Mapping[str, Any] | None, key: str) -> str:
    """Return how often something was so, in words where there is no rate."""
    if of is None:
        return "not run"
    if "no question" in of:
        return "no question"
    if of["refused"] == of["logs"] and key != "named":
        return "refuses"
    shown = share(of[key], of["logs"])
    return f"{shown}, refused {share(of['refused'], of['logs'])}" if _partly(of, key) else shown


def _partly(of: Mapping[str, Any], key: str) -> bool:
    return bool(key != "named" and of["refused"])


def by_tool(
    tools: Mapping[str, Mapping[str, Any]], key: str, chosen: Iterable[str], first: str
) -> str:
    """Return a table with a row a scenario and a column a tool."""
    titles = {name: SCENARIOS[name].title for name in chosen}
    rows = [
        [f"`{name}`: {title}", *(cell(t["scenarios"].get(name), key) for t in tools.values())]
        for name, title in titles.items()
    ]
    return table([first, *tools], rows)


def page(found: Mapping[str, Any]) -> str:
    """Return all tables as Markdown."""
    tools = found["tools"]
    none = [n for n, s in SCENARIOS.items() if "none" in s.truth.values()]
    real = [n for n, s in SCENARIOS.items() if "better" in s.truth.values()]
    faults = [n for n, s in SCENARIOS.items() if s.fault]
    parts = [
        "<!-- made by bench/rivals/run.py: edit nothing here -->\n\n# Results\n",
        "Per cent of logs with the 95 % interval of the simulation (Wilson).\n",
        "## False claims\n\nLogs in which an arm without effect is said to be better or worse, or"
        " one that is better, to be worse or not to differ by what matters. A refusal is none.\n",
        by_tool(tools, "false", none, "log"),
        "## False claims without a word about the fault\n\nThe same, but for logs in which a"
        " message names what is wrong.\n",
        by_tool(tools, "false unsaid", [n for n in none if n in faults], "log"),
        "## True effects that were missed\n\nLogs in which an arm that is better is not said to be."
        " A refusal is a miss.\n",
        by_tool(tools, "missed", real, "log"),
        "## A gain below what matters\n\nLogs with +.004 where .02 matters: how often a tool says"
        " that the difference is too small to matter, and how often, that the arm is better.\n",
        table(
            ["answer", *tools],
            [
                [word, *(cell(t["scenarios"].get("below-margin"), key) for t in tools.values())]
                for word, key in (("too small to matter", "small"), ("better", "better"))
            ],
        ),
        "## Planted faults that are named\n\nLogs in which a message, a warning or an error names"
        " the fault.\n",
        by_tool(tools, "named", faults, "fault"),
        "What was said, the first time:\n",
        "".join(_sayings(tools, faults)),
        "## Work and time\n\nLines: what a user writes to ask about one arm (imports and calls that"
        " run; for uphold its three commands and the lines of a claim). Seconds of CPU: to import,"
        " and the median of a log. Warned: of clean logs, those that it warns about or refuses.\n",
        table(
            ["tool", "version", "logs each", "lines", "import", *map(_code, TIMED), "warned"],
            [_work(name, tool) for name, tool in tools.items()],
        ),
        f"`uphold report`, with its page and PDF, takes {found['report']['seconds']:.1f} s of CPU a"
        f" log, imports included. Its verdicts on {found['report']['logs']} logs, the first of some"
        f" scenarios, differ from those above in {len(found['report']['differ'])}.\n",
    ]
    if found["public"]:
        parts += [
            "## Public logs\n\nThe truth is not known. What is said of each arm beside the base.\n",
            *(_public(name, of, tools) for name, of in found["public"].items()),
        ]
    return "\n".join(parts)


def _sayings(tools: Mapping[str, Any], faults: Iterable[str]) -> Iterable[str]:
    for fault in faults:
        for tool, it in tools.items():
            of = it["scenarios"].get(fault, {})
            if text := of.get("said") or of.get("error"):
                yield f"- `{fault}`, {tool}: {text[:260]}{' …' * (len(text) > 260)}\n"


def _work(name: str, tool: Mapping[str, Any]) -> list[str]:
    of = tool["scenarios"]

    def seconds(scenario: str) -> str:
        return f"{of[scenario]['seconds']:.2f}" if scenario in of else "not run"

    clean = [of[n] for n in CLEAN if n in of and "no question" not in of[n]]
    warned = share(sum(c["warned"] for c in clean), sum(c["logs"] for c in clean))
    told = next((of[n]["lines"] for n in ("real", "datasets") if of.get(n, {}).get("lines")), None)
    lines = str(told + tool["imports"]) if told else "–"
    rest = [seconds(n) for n in TIMED]
    each = str(of["real"]["logs"])
    return [name, tool["version"], each, lines, f"{tool['import']:.1f}", *rest, warned]


def _code(name: str) -> str:
    return f"`{name}`"


def _public(name: str, of: Mapping[str, Any], tools: Mapping[str, Any]) -> str:
    rows = [
        [arm, *(of["answers"].get(t, {}).get(arm, of["errors"].get(t, "not run")) for t in tools)]
        for arm in of["arms"]
    ]
    return f"`{name}`: {of['title']}\n\n{table(['arm', *tools], rows)}"
