"""Have inspect_ai keep the sample's runs: ``python make/inspect_runs.py FOLDER FORMAT``.

Run it where inspect_ai is installed, with PYTHONPATH at the folder of ``sample.py``; its `mockllm`
answers, offline. FORMAT is ``eval`` or ``json``.
"""

import json
import sys
import zipfile
from pathlib import Path

from inspect_ai import Task, eval, task
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import Score, metric, scorer
from inspect_ai.solver import generate, solver
from sample import EPOCHS, FAILED, GRID, accuracy, loss

FOLDER, FORMAT = Path(sys.argv[1]), sys.argv[2]
ANSWER = ModelOutput.from_content("mockllm/model", "2")
ANSWER.usage = ModelUsage(input_tokens=3, output_tokens=1, total_tokens=4)


@metric(name="accuracy")
def of_accuracy():
    return lambda scores: scores[0].metadata["accuracy"]


@metric(name="loss")
def of_loss():
    return lambda scores: scores[0].metadata["loss"]


@scorer(metrics=[of_accuracy(), of_loss()])
def val(run):
    async def score(state, target):
        last = EPOCHS - 1
        found = {"accuracy": accuracy(run, last), "loss": loss(run, last)}
        return Score(value="C", metadata=found)

    return score


@solver
def failing():
    async def solve(state, generate):
        raise RuntimeError("diverged")

    return solve


@task
def grid(lr, dropout, optimizer, seed):
    run = {"lr": lr, "dropout": dropout, "optimizer": optimizer, "seed": seed}
    steps = [failing()] if lr == FAILED["lr"] else [generate()]
    return Task([Sample("1 + 1", target="2")], solver=steps, scorer=val(run))


def neutral(text):
    """Return a log's JSON without the place of the script, its revision and the traceback."""
    text = text.replace(str(Path(__file__).resolve().parent), "/scripts")
    held = json.loads(text)
    if isinstance(held, dict):
        held.get("eval", {}).pop("revision", None)
        if held.get("error"):
            held["error"] |= {"traceback": "", "traceback_ansi": ""}
    return json.dumps(held, indent=2)


for run in (*GRID, FAILED):
    eval(
        grid(**run),
        model=get_model("mockllm/model", custom_outputs=[ANSWER]),
        log_dir=str(FOLDER),
        log_format=FORMAT,
        display="none",
        temperature=0.5,
        log_samples=False,
    )
for file in FOLDER.iterdir():
    if file.suffix == ".json":
        file.write_text(neutral(file.read_text()))
        continue
    with zipfile.ZipFile(file) as given:
        parts = {name: given.read(name).decode() for name in given.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, text in parts.items():
            written.writestr(zipfile.ZipInfo(name), neutral(text), zipfile.ZIP_DEFLATED)
