"""``uphold prepare``: a study's data."""

from pathlib import Path

from uphold.cli import ROOT, StudyName, say


def prepare(study: StudyName) -> None:
    """Make a study's data: features, labels, splits, data card."""
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.prepare import prepare as stage

    params, paths = load(ROOT), Paths(ROOT)
    settings = params.data(study)
    watched = [Path(params.names.studies[study].path), paths.manifests]
    say(stage(study, settings, paths.data(study), watched))
