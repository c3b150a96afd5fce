"""``uphold prepare``: a study's data."""

from pathlib import Path

from uphold.cli import ROOT, StudyName, say


def prepare(study: StudyName) -> None:
    """Make a study's data: features, labels, splits, data card."""
    from uphold.pipeline.params import file_of, load
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.prepare import prepare as stage
    from uphold.pipeline.study import find
    from uphold.validation import validated

    params, paths = load(ROOT), Paths(ROOT)
    settings = params.data(study)
    watched = [Path(params.names.studies[study].path), paths.manifests]
    run = validated(find(study).run, params.defaults(study), f"{file_of(study)}: training")
    say(stage(study, settings, paths.data(study), watched, run))
