"""``uphold register``: since when what the claims rest on stands in git."""

from uphold.cli import ROOT, say


def register() -> None:
    """Write down, for each write-up, since which commit its claims stand as they stand."""
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.register import register as stage

    params, paths = load(ROOT), Paths(ROOT)
    writeups = {
        name: (names.study, params.sweeps_of(name)) for name, names in params.names.writeups.items()
    }
    say(stage(ROOT, writeups, paths.registration, paths.registration_kept))
