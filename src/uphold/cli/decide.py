"""``uphold decide``: more seeds where they decide the open claims of a write-up."""

import re
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from uphold.cli import ROOT, WriteupName, say

if TYPE_CHECKING:
    from uphold.pipeline.next_look import Judged, Step, Swept

MOST_NAMED = 3
"""Configurations beyond which a step gives their number."""
UNITS = {"s": 1, "m": 60, "h": 3600}


def decide(
    writeup: WriteupName,
    budget: Annotated[
        str, typer.Option(help="Training time to spend at most: 90s, 30m, 2h.")
    ] = "30m",
    runs: Annotated[int | None, typer.Option(min=0, help="Runs to train at most.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say which step would come first.")
    ] = False,
) -> None:
    """Train further seeds, look by look, until the open claims are decided or the budget is spent.

    Each look is one that the sweep's design declares. It stands in params/<study>.yaml from before
    its first run on, so that a killed decide goes on where it was; what it decided stands in
    results/<write-up>/looks.json. Commit both with the findings.
    """
    from uphold.pipeline.params import load

    load(ROOT).writeup(writeup)  # before anything runs, and what takes longer to import
    from uphold.errors import InputError
    from uphold.format import counted
    from uphold.pipeline.next_look import next_look, open_claims
    from uphold.pipeline.taken_looks import record, recorded, take

    path_of_record = ROOT / "results" / writeup / "looks.json"
    left, runs_left = _seconds(budget), float("inf") if runs is None else runs
    begun = [] if dry_run else _begun(writeup, path_of_record)
    trained, was_open = sum(look.runs for look in begun), _undecided(writeup)
    if trained > runs_left:
        raise InputError(
            f"The look begun earlier takes {counted(trained, 'run')}, more than --runs {runs}:"
            " allow as many, or take it out of taken in params/."
        )
    if not dry_run:
        _refuse_untrained(writeup, begun)
    for look in begun:
        what = _named(look.sweep, look.configurations, look.look)
        say(f"{what}, begun earlier, {counted(look.runs, 'run')} left")
    start = time.monotonic()
    if not dry_run:
        _repro(writeup)
    # What only brings results up to date belongs to no look.
    spent = time.monotonic() - start if begun else 0.0
    swept, judged = _present(writeup)
    if not swept:
        raise InputError(
            f"No sweep of {writeup} declares looks: add looks: [3, 5, 8] to its design in params/,"
            " with as many seeds as the last look takes."
        )
    for look in begun:
        seconds = spent * look.runs / max(trained, 1)
        done = recorded(look.sweep, look.look, look.configurations, swept, judged)
        record(path_of_record, {**done, "runs": look.runs, "seconds": round(seconds)})
    decided = {name for name in was_open & set(judged) if judged[name].verdict != "inconclusive"}
    opened = set(open_claims(judged))
    if begun:
        say(_decided(decided, judged))
        opened |= decided
    while (step := next_look(judged, swept, left - spent, runs_left - trained)) is not None:
        say(_announced(step, swept))
        if dry_run:
            return
        path, looks = _params(writeup, step, swept)
        take(path, step.sweep, looks)
        start = time.monotonic()
        _repro(writeup)
        seconds = time.monotonic() - start
        spent, trained = spent + seconds, trained + step.runs
        before, runs_before = set(open_claims(judged)), _runs(swept, step)
        swept, judged = _present(writeup)
        if _runs(swept, step) == runs_before:
            raise InputError(f"{step.sweep} has no more runs than before: see what dvc repro says.")
        cost = {"runs": step.runs, "seconds": round(seconds)}
        done = recorded(step.sweep, step.look, step.configurations, swept, judged)
        record(path_of_record, {**done, **cost})
        say(_decided(before - set(open_claims(judged)), judged))
    still = open_claims(judged)
    if dry_run:
        limits = f"--budget {budget}" + (f" and --runs {runs}" if runs is not None else "")
        none = f"no look within {limits} is expected to decide any of the open claims, "
        say(f"{writeup}: " + (none + ", ".join(still) if still else "no claim is open"))
        return
    say(
        f"{writeup}: {len(opened - set(still))} of {len(opened)} open claims decided with"
        f" {trained} runs in {spent:.0f} s; {len(still)} still open"
        + (": " + ", ".join(still) if still else "")
    )


def _seconds(budget: str) -> float:
    """Return a budget such as ``30m`` in seconds."""
    from uphold.errors import InputError

    if not (found := re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", budget)):
        raise InputError(f"--budget is {budget!r}: give a time such as 90s, 30m or 2h.")
    return float(found[1]) * UNITS[found[2]]


class Begun(NamedTuple):
    """A look that stands in params and in no record, and the runs that it still takes."""

    sweep: str
    look: int
    configurations: list[str]
    runs: int


def _begun(writeup: str, path_of_record: Path) -> list[Begun]:
    """Return the looks that a decide began which was killed before they were recorded."""
    from uphold.pipeline import sweeps
    from uphold.pipeline.params import load
    from uphold.pipeline.taken_looks import unrecorded

    params = load(ROOT)
    designs = {name: sweeps.sweep(params, name).design for name in params.sweeps_of(writeup)}
    taken = {name: design.come_to for name, design in designs.items() if design.looks}
    return [
        Begun(sweep, look, configurations, _untrained(sweep, set(configurations)))
        for sweep, look, configurations in unrecorded(path_of_record, taken)
    ]


def _untrained(sweep: str, configurations: Iterable[str]) -> int:
    """Return how many runs of some configurations the journal does not hold."""
    from uphold.pipeline.design import levels_in

    asked = {levels_in(name) for name in configurations}
    return sum(levels_in(name) in asked for name in _lacking(sweep))


def _lacking(sweep: str) -> list[str]:
    """Return the configuration of each run of a sweep that the journal does not hold."""
    from uphold.cli.train import job_of
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.train import keys_of

    job = job_of(load(ROOT), sweep)
    keys = keys_of(job)
    return [run.configuration for run in job.runs if keys[run.name] not in job.journal]


def _refuse_untrained(writeup: str, begun: Sequence[Begun]) -> None:
    """Refuse to begin where runs are missing that belong to no look: no budget counts them."""
    from uphold.errors import InputError
    from uphold.format import counted
    from uphold.pipeline.params import load

    lacking = {}
    for sweep in load(ROOT).sweeps_of(writeup):
        of_looks = {name for look in begun if look.sweep == sweep for name in look.configurations}
        if many := len(_lacking(sweep)) - _untrained(sweep, of_looks):
            lacking[sweep] = many
    if lacking:
        told = ", ".join(f"{counted(many, 'run')} of {sweep}" for sweep, many in lacking.items())
        raise InputError(
            f"{told} are not trained yet and belong to no look, so that --budget and --runs do not"
            f" count them. Train them first: dvc repro analyze@{writeup} (uphold train"
            f" {next(iter(lacking))} --dry-run says how long it takes)."
        )


def _undecided(writeup: str) -> set[str]:
    """Return the claims that the write-up's findings, as they lie there, leave undecided."""
    from uphold.pipeline.stages.files import FINDINGS, read_json

    path = ROOT / "results" / writeup / FINDINGS
    claims = read_json(path)["claims"] if path.is_file() else {}
    return {name for name, claim in claims.items() if claim["verdict"] == "inconclusive"}


def _repro(writeup: str) -> None:
    """Bring a write-up's findings up to date."""
    from uphold.errors import InputError

    command = ["dvc", "repro", "--quiet", f"analyze@{writeup}"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise InputError(
            f"{' '.join(command)} failed; where nothing above says why, dvc repro analyze@{writeup}"
            " does. The look that was begun stands in params/ and goes on with the next uphold"
            " decide."
        )


def _present(writeup: str) -> tuple[dict[str, "Swept"], "Judged"]:
    """Return the sweeps that have looks, and the claims as they are judged now."""
    from statistics import median

    from uphold.cli.analyze import job_of
    from uphold.cli.train import at_once, executor_of
    from uphold.pipeline import sweeps
    from uphold.pipeline.next_look import Swept
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.analyze import judge_writeup
    from uphold.pipeline.stages.files import TRAINING, read_json

    params = load(ROOT)
    job = job_of(params, writeup)
    found = judge_writeup(job, fragility=False)
    many = at_once(executor_of(params, None), job.study)
    swept = {}
    for name, folder in job.sweeps.items():
        design = sweeps.sweep(params, name).design
        times = [run["seconds"] for run in read_json(folder / TRAINING).values()]
        if design.looks:
            swept[name] = Swept(design, found.logs[name], median(times) / many)
    return swept, found.judged


def _params(writeup: str, step: "Step", swept: Mapping[str, "Swept"]) -> tuple[Any, dict[str, int]]:
    """Return the file of the write-up's study, and the looks that its sweep will have taken."""
    from uphold.pipeline.params import file_of, load

    study = load(ROOT).writeup(writeup).study
    looks = {**swept[step.sweep].come_to, **dict.fromkeys(step.configurations, step.look)}
    return ROOT / file_of(study), looks


def _runs(swept: Mapping[str, "Swept"], step: "Step") -> int:
    return len(swept[step.sweep].log.scores.table)


def _announced(step: "Step", swept: Mapping[str, "Swept"]) -> str:
    from uphold.format import percent

    names = ", ".join(f"{name} ({percent(chance)})" for name, chance in step.claims.items())
    return (
        f"{_named(step.sweep, step.configurations, step.look)}, {step.runs} runs,"
        f" about {step.seconds:.0f} s of training. May decide: {names}"
    )


def _named(sweep: str, configurations: Sequence[str], look: int) -> str:
    many = len(configurations)
    of_all = "; ".join(configurations) if many <= MOST_NAMED else f"{many} configurations"
    return f"{sweep}: {of_all} to {look} seeds"


def _decided(names: set[str], judged: "Judged") -> str:
    if not names:
        return "  decided: nothing yet"
    return "  decided: " + ", ".join(f"{name} {judged[name].verdict}" for name in sorted(names))
