"""The stages of ``dvc.yaml``, run one by one in this process, each as ``dvc repro`` runs it.

Whether a stage has to run, its command, its outputs, the cache and what is locked are DVC's; the
order is the caller's. The lock file alone is written by `uphold.pipeline.lock_file`, to the same
bytes in a small part of the time, and commands of this program are forks of one process, see
`uphold.pipeline.stage_processes`.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.pipeline.lock_file import put
from uphold.pipeline.stage_processes import StageProcesses, in_place_of_shells

NO_GIT = "is not a git repository"
"""How DVC says it."""
WITHOUT_GIT = (
    "This is no git repository, which DVC needs. Clone the repository instead of downloading it, or"
    " make it one: git init && git add --all && git commit -m 'As downloaded'."
)
INTERRUPTED = re.compile(r"exited with (130|-2)$")
"""How DVC tells of a command that was ended by Ctrl-C."""


class StageFailed(Exception):
    """The command of a stage has failed; what went wrong it has said itself."""


class StageGraph:
    """The stages of a repository and what each takes from others, by the names that DVC gives them.

    That are names as the working directory sees them: it has to be the repository's root.

    Attributes
    ----------
    again : set of str
        Stages that are out of date whatever DVC knows of them, until they have run.
    """

    def __init__(self, repo: Any) -> None:
        self._repo = repo
        self.again: set[str] = set()
        self._graph = repo.index.graph
        self._stages: dict[str, Any] = {stage.addressing: stage for stage in self._graph}

    @cached_property
    def needs(self) -> Mapping[str, Sequence[str]]:
        """The stages, each with those whose outputs it reads, in the order of ``dvc.yaml``."""
        return {
            name: sorted(other.addressing for other in self._graph.successors(stage))
            for name, stage in self._stages.items()
        }

    def always(self, stage: str) -> bool:
        """Whether a stage runs each time, because DVC cannot see what it depends on."""
        return bool(self._stages[stage].always_changed)

    def out_of_date(self, stage: str) -> bool:
        """Whether a stage would run now: its inputs, settings or outputs are not as locked."""
        return stage in self.again or bool(self._stages[stage].changed())

    def run(self, stage: str) -> None:
        """Run a stage, keep its outputs as DVC does, and lock it.

        Raises
        ------
        StageFailed
            Where its command fails, or a file that it takes or gives is missing.
        KeyboardInterrupt
            Where its command was interrupted.
        """
        from dvc.exceptions import DvcException
        from dvc.stage.serialize import to_lockfile

        one = self._stages[stage]
        try:
            # else DVC would take what the stage gave before from its cache of runs
            one.run(force=stage in self.again)
        except (DvcException, OSError) as error:
            # While a command runs, an interruption is its own; DVC only tells how it ended.
            if INTERRUPTED.search(str(error)):
                raise KeyboardInterrupt from None
            raise StageFailed(f"{stage}: {error}") from error
        self.again.discard(stage)
        for name, block in to_lockfile(one).items():
            put(Path(one.dvcfile.path).with_suffix(".lock"), name, block)


@contextmanager
def opened(root: Path, processes: StageProcesses | None = None) -> Iterator[StageGraph]:
    """Open the stages of a repository and keep other DVC commands out meanwhile.

    Parameters
    ----------
    root : Path
    processes : StageProcesses, optional
        What runs the commands that it knows. They have ended when this ends.

    Raises
    ------
    InputError
        Where there is no ``dvc.yaml``, DVC is not installed or cannot read it, or another DVC
        command runs here.
    """
    if not (root / "dvc.yaml").is_file():
        raise InputError("There is no dvc.yaml here: run this in the root of the repository.")
    from dvc.exceptions import DvcException
    from dvc.logger import setup
    from dvc.repo import Repo, lock_repo

    setup(logging.WARNING)
    try:
        with (
            Repo(str(root.absolute())) as repo,
            lock_repo(repo),
            in_place_of_shells(processes) if processes else nullcontext(),
        ):
            yield StageGraph(repo)
    except DvcException as error:
        raise InputError(WITHOUT_GIT if NO_GIT in str(error) else f"DVC: {error}") from error
