"""``uphold confirm`` imports what trains only where there is something to train."""

import subprocess
import sys

CODE = """
import sys
from uphold.cli.confirm import confirm
from uphold.pipeline.stages import confirm as stage
stage.nothing_to_confirm = lambda job: "nothing to confirm"
confirm("calls-augmentation")
assert "torch" not in sys.modules
"""


def test_where_nothing_is_confirmed_torch_is_not_imported():
    command = [sys.executable, "-c", CODE]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "nothing to confirm\n"), done.stderr
