"""``uphold current``: do the committed results belong to the committed code?"""

import subprocess

import typer

from uphold.cli import ROOT, say

ALWAYS = "Running stage 'results/dvc.yaml:register'"
COMMAND = ["dvc", "repro", "--allow-missing", "--dry"]


def current() -> None:
    """Say whether the committed results belong to this code; data and predictions may be missing.

    DVC names the stages that would rerun; there must be none but the one that runs always, since it
    asks git what DVC cannot see. Whether its answer is still the same, only a run tells: a page
    says what stood before the results in the repository that made it. Verdicts that were tried on
    fresh seeds in an earlier state are named: the results belong to the code all the same.
    """
    from uphold.errors import InputError
    from uphold.format import counted
    from uphold.pipeline.stages.files import FINDINGS, read_json

    if not (ROOT / "dvc.yaml").is_file():
        raise InputError("There is no dvc.yaml here: run this in the root of the repository.")
    try:
        done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise InputError("dvc is not installed: pip install 'uphold[studies]'.") from None
    stale = [line for line in done.stdout.splitlines() if line.startswith("Running stage")]
    stale = [line for line in stale if not line.startswith(ALWAYS)]
    if done.returncode or stale:
        for line in (*stale, *done.stderr.splitlines()):
            say(line)
        say("The committed results are not those of this code: run dvc repro and commit them.")
        raise typer.Exit(1)
    say("The committed results belong to this code.")
    for path in sorted(ROOT.glob(f"results/*/{FINDINGS}")):
        earlier = read_json(path).get("replication", {}).get("earlier", 0)
        if earlier:
            verdicts = counted(earlier, "verdict")
            say(
                f"{path.parent.name}: {verdicts} tried on fresh seeds in an earlier state: uphold"
                f" replicate {path.parent.name}"
            )
