"""``uphold make``: the pages, one after the other."""

from typing import TYPE_CHECKING, Annotated

import typer

from uphold.cli import ROOT, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from uphold.pipeline.params import Params

GUIDE = "guide-"
"""What the names of guides begin with."""


def make(
    pages: Annotated[
        list[str] | None,
        typer.Argument(help="Pages, by their names; without one, all that there is."),
    ] = None,
) -> None:
    """Make the pages that are out of date, the quickest first; name each when it is there.

    It runs the stages that dvc repro runs, with the same outputs and the same lock; and once Quarto
    is installed, those of pages that the embedded renderer made. A page that cannot be made keeps
    no other back.
    """
    from uphold.errors import InputError, nearest
    from uphold.pipeline.making import Making, in_order, to_run
    from uphold.pipeline.params import load
    from uphold.pipeline.stage_graph import opened
    from uphold.pipeline.stage_processes import StageProcesses
    from uphold.pipeline.stage_seconds import Foreseen, record, recorded
    from uphold.pipeline.stages.paths import Paths
    from uphold.rendering import superseded

    params, paths = load(ROOT), Paths(ROOT)
    places = page_stages(params)
    for page in pages or ():
        if page not in places:
            raise InputError(f"There is no page {page!r}.{nearest(page, places)}")
    files = {places[page]: paths.site / f"{page}.html" for page in pages or places}
    with opened(ROOT, StageProcesses("uphold", "uphold.cli:main")) as stages:
        files = {stage: path for stage, path in files.items() if stage in stages.needs}
        old = superseded(files.values())
        stages.again.update(stage for stage, path in files.items() if path in old)
        seconds = recorded((paths.seconds_committed, paths.seconds), params.scale)
        waiting = to_run(stages, None if not pages else files)
        foreseen = Foreseen(seconds, shares(params, waiting))
        writeups = [s for s in files if s.startswith("report@")]
        order = in_order(stages, writeups, waiting, foreseen)
        making = Making(stages, foreseen, say, waiting=dict.fromkeys(waiting))
        try:
            making.pages([*order, *(s for s in files if s not in order)], files)
            for stage in () if pages else stages.needs:
                making.target(stage)
        finally:
            whole = {s: t for s, t in making.seconds.items() if foreseen.shares.get(s, 1) == 1}
            record(paths.seconds, params.scale, whole)
    if making.failed:
        raise typer.Exit(1)


def page_stages(params: "Params") -> dict[str, str]:
    """Return the pages, each with the stage that makes it: write-ups before what is about them."""
    names = params.names
    calibration = {"calibration": "calibration"} if names.calibration is not None else {}
    found = sorted((ROOT / "reports").glob(f"{GUIDE}*.qmd"))
    guides = {path.stem: f"guide@{path.stem.removeprefix(GUIDE)}" for path in found}
    writeups = {name: f"report@{name}" for name in names.writeups}
    return writeups | calibration | guides | {"index": "index"}


def shares(params: "Params", waiting: "Iterable[str]") -> dict[str, float]:
    """Return which part of its runs each sweep that will be trained lacks, where that is known.

    It is known where data are prepared, and what the sweep starts from has been promoted.
    """
    from uphold.cli.train import job_of
    from uphold.errors import InputError
    from uphold.pipeline.stages.train import keys_of

    found, stale = {}, set(waiting)
    for sweep, names in params.names.sweeps.items():
        stage, prepared = f"train@{sweep}", f"prepare@{names.study}"
        if stage not in stale or prepared in stale or not _any_run(params, names.study):
            continue
        try:
            job = job_of(params, sweep)
            keys = keys_of(job).values()
        except InputError:
            continue
        found[stage] = sum(key not in job.journal for key in keys) / len(keys)
    return found


def _any_run(params: "Params", study: str) -> bool:
    """Return whether the journal holds anything of a study."""
    from uphold.pipeline.journal import Journal

    folder: Path = Journal.of(params, study).folder
    return folder.is_dir() and any(folder.iterdir())
