"""``uphold analyze``: the findings of a write-up."""

from uphold.cli import ROOT, WriteupName, say


def analyze(writeup: WriteupName) -> None:
    """Turn the scores of a write-up's sweeps into its findings."""
    from uphold.pipeline import judged
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.analyze import analyze_writeup
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.study import find

    params, paths = load(ROOT), Paths(ROOT)
    names = params.writeup(writeup)
    block = judged.judged(params, writeup)
    message = analyze_writeup(
        {"name": writeup, "title": names.title, "scale": params.scale},
        find(names.study),
        judged.metrics(params, names.study),
        params.study(names.study).primary,
        block.claims,
        {name: paths.sweep(writeup, name) for name in params.sweeps_of(writeup)},
        paths.data(names.study) / "card.json",
        paths.published(names.study),
        paths.findings(writeup).parent,
        {name: spread.model_dump() for name, spread in block.components.items()},
    )
    say(message)
