"""Have lm-eval keep the sample's runs: ``python make/lm_eval_runs.py FOLDER``, in an empty folder.

Run it where lm-eval is installed, with PYTHONPATH at the folder of ``sample.py`` and this one's.
Its `dummy` model answers, to a task of two lines that is laid out here; what it scores is the
sample's. Words after FOLDER are names of tasks, all alike.
It writes nothing of a run that fails.
"""

import os
import platform
import sys
from pathlib import Path

import lm_eval
from lm_eval.loggers import EvaluationTracker
from lm_eval.tasks import TaskManager
from sample import EPOCHS, GRID, accuracy, loss

FOLDER = Path(sys.argv[1])
TASK = """\
task: {name}
dataset_path: json
dataset_kwargs:
  data_files:
    test: {data}
test_split: test
output_type: generate_until
doc_to_text: "{{{{question}}}}"
doc_to_target: "{{{{answer}}}}"
generation_kwargs:
  until: ["."]
process_results: !function scores.scores
metric_list:
  - metric: val_accuracy
    aggregation: mean
    higher_is_better: true
  - metric: val_loss
    aggregation: mean
    higher_is_better: false
metadata:
  version: 1.0
"""
SCORES = """\
from lm_eval_runs import now


def scores(doc, results):
    return now()
"""
LINES = '{"question": "1 + 1", "answer": "2"}\n{"question": "1 + 2", "answer": "3"}\n'
CURRENT = {}


def now():
    """Return what the run that goes on scores."""
    module = sys.modules["__main__"]
    run = module.CURRENT
    last = EPOCHS - 1
    return {"val_accuracy": accuracy(run, last), "val_loss": loss(run, last)}


def main():
    here = Path.cwd() / "tasks"
    here.mkdir()
    (here / "lines.jsonl").write_text(LINES)
    (here / "scores.py").write_text(SCORES)
    names = sys.argv[2:] or ["sums"]
    for name in names:
        told = TASK.format(name=name, data=here / "lines.jsonl")
        (here / f"{name}.yaml").write_text(told)
    tasks = TaskManager(include_path=str(here), include_defaults=False)
    for run in GRID:
        CURRENT.update(run)
        words = {**run, "optimizer.name": run["optimizer"]["name"]}
        del words["optimizer"]
        tracker = EvaluationTracker(output_path=str(FOLDER))
        tracker.general_config_tracker.log_experiment_args(
            model_source="dummy",
            model_args=",".join(f"{k}={v}" for k, v in words.items()),
            system_instruction=None,
            chat_template=None,
            fewshot_as_multiturn=False,
        )
        found = lm_eval.simple_evaluate(
            model="dummy",
            model_args=",".join(f"{k}={v}" for k, v in words.items()),
            tasks=names,
            task_manager=tasks,
            random_seed=run["seed"],
            bootstrap_iters=100,
            evaluation_tracker=tracker,
        )
        found.pop("samples")
        tracker.save_results_aggregated(results=found, samples=None)
    for file in FOLDER.rglob("*.json"):
        text = file.read_text().replace(str(Path.cwd()), "/runs").replace(platform.node(), "host")
        file.write_text(text)


if __name__ == "__main__":
    os.environ["HF_DATASETS_OFFLINE"] = "1"
    main()
