"""``uphold journal``: the store of finished runs."""

from typing import Annotated

import typer

from uphold.cli import ROOT, StudyName, say

journal = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Look into the store of finished runs."
)


@journal.command("list")
def journal_list() -> None:
    """Print how many finished runs of each study the journal holds, and where."""
    from uphold.pipeline.params import load

    params = load(ROOT)
    for study in params.names.studies:
        runs = _journal(params, study)
        say(f"{study}: {len(runs.keys())} finished runs in {runs.folder}")


@journal.command()
def prune(
    study: StudyName,
    delete: Annotated[bool, typer.Option("--delete", help="Delete; otherwise only say.")] = False,
) -> None:
    """Say which runs no sweep of the present params uses; with --delete, delete them."""
    from uphold.pipeline import sweeps
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.train import keys_of
    from uphold.pipeline.study import find

    params, paths = load(ROOT), Paths(ROOT)
    params.study(study)
    kept = set()
    for name, names in params.names.sweeps.items():
        if names.study == study:
            runs = sweeps.runs(params, name, paths.promoted_settings(names.after))
            kept |= set(keys_of(find(study), runs, paths.data(study)).values())
    finished = _journal(params, study)
    gone = finished.prune(kept) if delete else finished.prunable(kept)
    for path in gone:
        say(str(path))
    say(f"{study}: {len(gone)} {'deleted' if delete else 'would be deleted, with --delete'}")


def _journal(params, study: str):
    from uphold.pipeline.journal import Journal

    return Journal.of(ROOT, params.names.journal, study)
