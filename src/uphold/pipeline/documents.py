"""Is there all that the stages of a write-up need beside its params?

In: the params. Out: nothing, or an error that names the file that is missing. What is in the files
is not looked at: they may change without anything being checked again.
"""

from uphold.errors import InputError
from uphold.pipeline.params import FILE, Params
from uphold.pipeline.stages.files import LARGER, REPLICATION
from uphold.pipeline.stages.paths import Paths


def check_documents(params: Params, study: str) -> None:
    """Check the files of all write-ups of a study; see `check_document`."""
    for name, writeup in params.names.writeups.items():
        if writeup.study == study:
            check_document(params, name)


def check_document(params: Params, writeup: str) -> None:
    """Check the files of one write-up.

    Raises
    ------
    InputError
        For the first file that is missing.
    """
    paths = Paths(params.root)
    document = paths.document(writeup)
    if not document.is_file():
        there = {path.name for path in document.parent.glob("*.qmd")}
        alike = [f"{other}.qmd" for other in params.names.writeups if f"{other}.qmd" in there]
        such_as = f", such as {document.with_name(alike[0])}" if alike else ""
        raise InputError(
            f"{document} is missing, the page of the write-up {writeup!r} in {FILE}: copy that of"
            f" another one{such_as}, and name this write-up and its sweeps in it."
        )
    for name, stage, says in (
        (REPLICATION, "analyze", "nothing was replicated yet"),
        (LARGER, "report", "it was not tried at a larger scale"),
    ):
        path = paths.findings(writeup).with_name(name)
        if not path.is_file():
            raise InputError(
                f"{path} is missing, which the stage {stage}@{writeup} waits for: write {{}} into"
                f" it, which says that {says}."
            )
