"""``uphold gate`` as it is called."""

import json
import subprocess
import sys

LOG = "recipe,loss\n" + "".join(
    f"{arm},{score}\n"
    for arm, scores in {
        "plain": (1.0, 1.02, 0.98, 1.01, 0.99, 1.0),
        "better": (0.5, 0.51),
        "same": (1.0, 1.02, 1.03, 1.01),
    }.items()
    for score in scores
)


def gate(folder, *words: str) -> subprocess.CompletedProcess:
    (folder / "log.csv").write_text(LOG)
    command = [sys.executable, "-m", "uphold", "gate", "log.csv", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_exit_codes_are_the_answers(tmp_path):
    asked = ("--baseline", "plain", "--margin", "0.02", "--candidate")
    codes = {name: gate(tmp_path, *asked, name).returncode for name in ("better", "same", "new")}
    assert codes == {"better": 0, "same": 1, "new": 3}
    wrong = gate(tmp_path, "--baseline", "plan", "--candidate", "new", "--margin", "0.02")
    assert wrong.returncode == 2 and wrong.stderr.startswith("error: ")
    assert "Traceback" not in wrong.stderr


def test_json_is_the_whole_output(tmp_path):
    done = gate(
        tmp_path, "--baseline", "plain", "--candidate", "better", "--margin", "0.02", "--json"
    )
    assert json.loads(done.stdout)["decision"] == "keep"
