"""Do the committed results belong to the committed code? Data and predictions may be missing.

``dvc repro --allow-missing --dry`` names the stages that would rerun; there must be none but the
one that runs always, since it asks git what DVC cannot see. Whether its answer is still the same,
only a run tells: a page says since when its claims stand in the repository that made it.
"""

import subprocess
import sys

ALWAYS = "Running stage 'results/dvc.yaml:register'"
COMMAND = ["dvc", "repro", "--allow-missing", "--dry"]


def main() -> int:
    """Return the exit status: 0 where nothing would rerun."""
    told = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    stale = [line for line in told.stdout.splitlines() if line.startswith("Running stage")]
    stale = [line for line in stale if not line.startswith(ALWAYS)]
    if told.returncode or stale:
        print(*stale, told.stderr, sep="\n")
        print("The committed results are not those of this code: run dvc repro and commit them.")
        return 1
    print("The committed results belong to this code.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
