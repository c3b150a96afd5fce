"""``uphold analyze``: the findings of a write-up."""

from typing import TYPE_CHECKING

from uphold.cli import ROOT, WriteupName, say

if TYPE_CHECKING:
    from uphold.pipeline.params import Params
    from uphold.pipeline.stages.analyze import Job


def analyze(writeup: WriteupName) -> None:
    """Turn the scores of a write-up's sweeps into its findings."""
    from uphold.pipeline.params import load

    params = load(ROOT)
    params.writeup(writeup)  # before what takes longer to import
    from uphold.pipeline.stages.analyze import analyze_writeup

    say(analyze_writeup(job_of(params, writeup)))


def job_of(params: "Params", writeup: str) -> "Job":
    """Return what there is to analyze of a write-up."""
    from uphold.pipeline import judged
    from uphold.pipeline.stages.analyze import Job
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.study import find

    paths = Paths(ROOT)
    names = params.writeup(writeup)
    block = judged.judged(params, writeup)
    return Job(
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
        front=paths.front(writeup),
        question=names.question,
        components={name: spread.model_dump() for name, spread in block.components.items()},
        shorter=params.shorter(names.study),
        sizes=params.sizes(names.study),
    )
