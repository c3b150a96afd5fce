"""``uphold current``: do the committed results belong to the committed code?"""

import re
import subprocess
from collections.abc import Iterator

import typer

from uphold.cli import ROOT, say

ALWAYS = "results/dvc.yaml:register"
COMMAND = ["dvc", "repro", "--allow-missing", "--dry", "--keep-going"]

PINNED = re.compile(r"^dvc==(\S+)$", re.M)
WOULD_RUN = re.compile(r"Running stage '(.+)'")
# A stage that would run also fails where data are missing that a clone does not have.
FAILED = re.compile(r"ERROR: failed to reproduce (?:stages: )?(.*)")
OF_THE_MISSING = re.compile(r"WARNING: (\[Errno 2\]|Stages? .* will be skipped)")


def current() -> None:
    """Say whether the committed results belong to this code; data and predictions may be missing.

    The stages that would rerun are named; there must be none but the one that runs always, since it
    asks git what DVC cannot see. Whether its answer is still the same, only a run tells: a page
    says what stood before the results in the repository that made it. Verdicts that were tried on
    fresh seeds in an earlier state are named: the results belong to the code all the same.
    """
    from uphold.errors import InputError
    from uphold.format import counted
    from uphold.pipeline.stage_graph import NO_GIT, WITHOUT_GIT
    from uphold.pipeline.stages.files import FINDINGS, read_json

    if not (ROOT / "dvc.yaml").is_file():
        raise InputError("There is no dvc.yaml here: run this in the root of the repository.")
    try:
        done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise InputError("dvc is not installed: pip install 'uphold[studies]'.") from None
    if NO_GIT in done.stderr:
        raise InputError(WITHOUT_GIT)
    stale = [stage for stage in _stale(done.stdout, done.stderr) if stage != ALWAYS]
    if done.returncode or stale:
        for stage in stale:
            say(f"{stage} would run.")
        for line in done.stderr.splitlines():
            if not (stale and (FAILED.match(line) or OF_THE_MISSING.match(line))):
                say(line)
        say("The committed results are not those of this code: run dvc repro and commit them.")
        raise typer.Exit(1)
    say("The committed results belong to this code.")
    _say_of_dvc()
    for path in sorted(ROOT.glob(f"results/*/{FINDINGS}")):
        earlier = read_json(path).get("replication", {}).get("earlier", 0)
        if earlier:
            verdicts = counted(earlier, "verdict")
            say(
                f"{path.parent.name}: {verdicts} tried on fresh seeds in an earlier state: uphold"
                f" replicate {path.parent.name}"
            )


def _say_of_dvc() -> None:
    """Say by which DVC the locks were made; refuse another one, whose locks may differ."""
    from importlib.metadata import version

    from uphold.errors import InputError

    requirements = ROOT / "requirements.lock"
    found = PINNED.search(requirements.read_text("utf-8")) if requirements.is_file() else None
    if found is None:
        return
    if (here := version("dvc")) != found[1]:
        raise InputError(
            f"DVC {here} is installed, and the locks were made with {found[1]}, which"
            " requirements.lock names: install that. To go over to another version, make with it,"
            " run the tests, and commit its line of requirements.lock with the locks."
        )
    say(f"Their locks were made with DVC {here}, which is the one here.")


def _stale(stdout: str, stderr: str) -> Iterator[str]:
    """Yield the stages of which DVC says that they would run, or would fail in running."""
    yield from WOULD_RUN.findall(stdout)
    for line in FAILED.findall(stderr):
        # after the names, where there is one stage alone, stands what was wrong
        yield from re.findall(r"'([^']+)'", line.partition("': ")[0] + "'")
