"""``uphold journal``: the store of finished runs."""

from typing import TYPE_CHECKING, Annotated

import typer

from uphold.cli import ROOT, StudyName, say

if TYPE_CHECKING:
    from uphold.pipeline.journal import Journal
    from uphold.pipeline.params import Params

journal = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Look into the store of finished runs."
)


@journal.command("list")
def journal_list() -> None:
    """Print how many finished and begun runs of each study the journal holds, and where.

    Of a shared journal, how many it holds.
    """
    from uphold.format import counted
    from uphold.pipeline.params import load

    params = load(ROOT)
    for study in params.names.studies:
        runs = _journal(params, study)
        keys, damaged = runs.keys(), len(runs.damaged())
        whole = counted(len(keys) - sum(map(runs.is_old, keys)) - damaged, "finished run")
        more = f", {damaged} damaged: uphold journal check {study}" if damaged else ""
        begun = len(runs.unfinished())
        whole += f" and {begun} begun" if begun else ""
        say(f"{study}: {whole} in {runs.folder}{more}")
        if runs.shared is not None:
            say(f"{study}: {counted(len(runs.shared.keys), 'run')} in {runs.shared.place}")


@journal.command()
def check(
    study: Annotated[str | None, typer.Argument(help="A study; without it, all.")] = None,
) -> None:
    """Read all finished runs and say which are damaged; exit 1 if one is."""
    from uphold.format import counted

    params, names = _chosen(study)
    damaged = 0
    for name in names:
        finished = _journal(params, name)
        keys, found = finished.keys(), finished.damaged()
        old = sum(map(finished.is_old, keys))
        for key, damage in found.items():
            say(f"{name}: {key}: {damage}")
        whole = counted(len(keys) - old - len(found), "finished run")
        say(f"{name}: {whole}, {len(found)} damaged")
        if old:
            say(f"{name}: {old} of an older layout, used no more: uphold journal prune {name}")
        damaged += len(found)
    raise typer.Exit(damaged > 0)


@journal.command()
def share(
    study: Annotated[str | None, typer.Argument(help="A study; without it, all.")] = None,
) -> None:
    """Send finished runs to the shared journal, as those that are trained from now on are.

    Failed ones are left out: another machine may have what they lacked.
    """
    from uphold.format import counted

    params, names = _chosen(study)
    for name in names:
        runs = _journal(params, name)
        sent = runs.share()
        say(f"{name}: {counted(sent, 'run')} sent to {params.names.shared_journal}")


@journal.command()
def prune(
    study: StudyName,
    delete: Annotated[bool, typer.Option("--delete", help="Delete; otherwise only say.")] = False,
) -> None:
    """Say which runs no sweep of the present params uses; with --delete, delete them.

    The runs on fresh seeds that replicate and confirm train for a sweep are used by it, and those
    of trials by their search.
    """
    from dataclasses import replace

    from uphold.cli import search
    from uphold.cli.train import job_of
    from uphold.pipeline import sweeps
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.confirm import every_confirming_run
    from uphold.pipeline.stages.replicate import every_fresh_run
    from uphold.pipeline.stages.search import known
    from uphold.pipeline.stages.train import keys_of, second_key

    params = load(ROOT)
    params.study(study)
    kept = set()
    for name, names in params.names.sweeps.items():
        if names.study == study:
            job = job_of(params, name)
            confirming = every_confirming_run(job, sweeps.promotion(params, name).confirm or 0)
            for runs in (job.runs, every_fresh_run(job), confirming):
                kept |= set(keys_of(replace(job, runs=runs)).values())
            kept |= set(filter(None, [second_key(job, keys_of(job))]))
    for name, searched in params.names.searches.items():
        if searched.study == study:
            kept |= known(search.job_of(params, name)).keys
    finished = _journal(params, study)
    gone = finished.prune(kept) if delete else finished.prunable(kept)
    for path in gone:
        say(str(path))
    say(f"{study}: {len(gone)} {'deleted' if delete else 'would be deleted, with --delete'}")


def _chosen(study: str | None) -> "tuple[Params, list[str]]":
    """Return the params, and the study that was named or all."""
    from uphold.pipeline.params import FILE, load, must_be

    params = load(ROOT)
    if study is not None:
        must_be(FILE, study, params.names.studies)
    return params, [study] if study else list(params.names.studies)


def _journal(params: "Params", study: str) -> "Journal":
    from uphold.pipeline.journal import Journal

    return Journal.of(params, study)
