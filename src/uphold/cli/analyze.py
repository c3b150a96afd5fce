"""``uphold analyze``: the findings of a write-up."""

from uphold.cli import ROOT, WriteupName, say


def analyze(writeup: WriteupName) -> None:
    """Turn the scores of a write-up's sweeps into its findings."""
    from uphold.pipeline import judged
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.analyze import Job, analyze_writeup
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.study import find

    params, paths = load(ROOT), Paths(ROOT)
    names = params.writeup(writeup)
    block = judged.judged(params, writeup)
    job = Job(
        name=writeup,
        title=names.title,
        scale=params.scale,
        study=find(names.study),
        metrics=judged.metrics(params, names.study),
        primary=params.study(names.study).primary,
        evaluation=params.evaluation(names.study).model_dump(mode="json"),
        claims=block.claims,
        sweeps={name: paths.sweep(writeup, name) for name in params.sweeps_of(writeup)},
        card=paths.data(names.study) / "card.json",
        published=paths.published(names.study),
        out=paths.findings(writeup).parent,
        components={name: spread.model_dump() for name, spread in block.components.items()},
    )
    say(analyze_writeup(job))
