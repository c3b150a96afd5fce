"""``uphold register``: what stood in git before the first results."""

from uphold.cli import ROOT, say


def register() -> None:
    """Write down, for each write-up, what stood in git before its first results."""
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.register import register as stage

    params, paths = load(ROOT), Paths(ROOT)
    writeups = {
        name: (names.study, params.sweeps_of(name)) for name, names in params.names.writeups.items()
    }
    say(stage(ROOT, writeups, paths.registration, paths.registration_kept))
