"""DVC, its child and both are killed while a sweep trains: no run is lost, none trained twice.

Twenty kills, and two at once twenty times: ``make faults``. Two trainings at once are in
``tests/test_pipeline.py`` too.
"""

import json
import subprocess
import sys

from . import running


def test_killed_at_some_moments_and_run_again():
    with running.folder() as base:
        script = [sys.executable, str(running.HERE / "kills.py"), str(base)]
        command = [*script, "--kills", "3", "--pairs", "0"]
        env = running.paths()
        done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    (found,) = json.loads(done.stdout.splitlines()[-1]).values()
    for who in ("DVC", "its child", "both"):
        count = found[f"{who} killed"]
        assert count["tried"] == 1
        assert not count["wrong"]
