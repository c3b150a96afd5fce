"""A study of a program whose params are full of texts that mean something to other languages.

In: a folder and texts. Out: a repository as ``uphold init`` and ``uphold new`` lay it out, its runs
trained and judged. The texts are the levels of a factor, and stand in titles, names, labels, claims
and in what a failed run says.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from uphold.scaffold import repository

ROOT = Path(__file__).parents[3]
STUDY, SWEEP = "other", "other-sweep"
A_CLAIM = 15
"""So many texts stand in the sentence of one claim."""
COMMAND = "python train.py --mode {mode=a,b} --seed {seed} --out {out}"
PROGRAM = """\
import json, sys
mode, seed, out = sys.argv[2::2]
levels = json.load(open("levels.json"))
if mode == levels[-1] and seed == "3":
    sys.exit(levels[0])
score = 0.5 + levels.index(mode) / 100 + int(seed) / 1000
json.dump({"accuracy": score, "validation_accuracy": score}, open(out + "/metrics.json", "w"))
"""
VERBS = """\
import json, sys
from uphold.cli import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["uphold", *words]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""
GIT = {
    **{f"GIT_{role}_NAME": "somebody" for role in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{role}_EMAIL": "somebody@example.org" for role in ("AUTHOR", "COMMITTER")},
    **{f"GIT_CONFIG_{place}": os.devnull for place in ("GLOBAL", "SYSTEM")},
}


def judged(root: Path, levels: Sequence[str], texts: Sequence[str]) -> None:
    """Lay out the repository, with claims that say `texts`, and judge its runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repository, "requirement", lambda: "uphold")  # it need not be installed
        for name, value in GIT.items():
            patch.setenv(name, value)
        repository.lay_out_repository(root, "own")
    program = root / "programs" / STUDY
    program.mkdir(parents=True)
    (program / "train.py").write_text(PROGRAM, "utf-8")
    (program / "levels.json").write_text(json.dumps(levels), "utf-8")
    uphold(root, ["new", STUDY, "--command", COMMAND])
    change(root / "params.yaml", lambda p: p["writeups"][STUDY].update(title=" ".join(texts[:3])))
    change(root / "params" / f"{STUDY}.yaml", lambda params: fill(params, levels, texts))
    verbs = [["check", STUDY], ["prepare", STUDY], ["train", SWEEP], ["evaluate", SWEEP]]
    uphold(root, *verbs, ["confirm", SWEEP], ["analyze", STUDY], ["register"])


def fill(params: dict, levels: Sequence[str], texts: Sequence[str]) -> None:
    """Put the texts into what a study declares."""
    params["data"]["files"].append("levels.json")
    params["data"]["settings"]["mode"] = {"kind": "choice", "of": levels, "name": levels[1]}
    params["training"]["mode"] = levels[0]
    params["metrics"]["accuracy"]["label"] = levels[2]
    sweep = params["sweeps"][SWEEP]
    sweep["title"] = levels[3]
    sweep["design"] |= {"factors": {"mode": levels}, "seeds": [1, 2, 3]}
    params["writeups"][STUDY]["claims"] = {
        f"c{at}": {
            "says": " ".join(texts[at : at + A_CLAIM]),
            "metric": "accuracy",
            "contrast": {"factor": "mode", "from": levels[0], "to": levels[1 + at // A_CLAIM]},
            "expect": "difference",
        }
        for at in range(0, len(texts), A_CLAIM)
    }


def change(file: Path, edit) -> None:
    """Edit a file of params."""
    values = yaml.safe_load(file.read_text("utf-8"))
    edit(values)
    file.write_text(yaml.safe_dump(values, sort_keys=False, allow_unicode=True), "utf-8")


def uphold(root: Path, *verbs: Sequence[str]) -> None:
    """Run verbs in a repository, one after the other in one process."""
    path = [str(root / "src"), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    env = os.environ | GIT | {"PYTHONPATH": os.pathsep.join(path), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", VERBS, json.dumps(verbs)]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
