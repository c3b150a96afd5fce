"""``uphold check``: are all params of a study valid?"""

from typing import Annotated

import typer

from uphold.cli import ROOT, say


def check(
    study: Annotated[str | None, typer.Argument(help="A study; without it all of them.")] = None,
) -> None:
    """Check all params of a study, claims included, before anything of it runs."""
    from uphold.disk import publish
    from uphold.pipeline.check import check, check_all
    from uphold.pipeline.documents import check_documents
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.paths import Paths

    params = load(ROOT)
    if study is None:
        check_all(params)
        for name in params.names.studies:
            check_documents(params, name)
        say(f"all params of {', '.join(params.names.studies)} are valid")
        return
    check(params, study)
    check_documents(params, study)
    # Always the same bytes, so that what comes after does not run again for having been checked.
    publish(Paths(ROOT).checked(study), b"All params of this study are valid.\n")
    say(f"{study}: all params are valid")
