"""A clone of github.com/yandex-research/tabm → ``classification.csv`` and ``regression.csv`` here.

    python examples/tabm/transcribe.py CLONE

One row a model, data set and split, one column a seed. Scores are those on test data: points of
accuracy (of ROC AUC where the source scores by it), and -100 ln(RMSE), of which a difference of 1
is 1 % of RMSE whatever the target's unit.
"""

import csv
import json
import math
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
MODELS = (
    "mlp",
    "mlp-periodic",
    "tabm",
    "tabm-packed",
    "tabm-piecewiselinear",
    "tabm-sharetrainingbatches",
)
"""Folders of ``paper/exp``: those that the claims compare."""
SEEDS = range(15)
FOLDER = re.compile(r"(?:classif|regression)-(?:cat|num)-(?:medium|large)-(\d+)-(.+)")


def main(clone: Path) -> None:
    """Write both tables."""
    tables: dict[str, list[list[str]]] = {"classification": [], "regression": []}
    for model in MODELS:
        for runs in sorted((clone / "paper" / "exp" / model).glob("**/0-evaluation")):
            reports = [json.loads((runs / str(s) / "report.json").read_text()) for s in SEEDS]
            test = [report["metrics"]["test"] for report in reports]
            task = "regression" if "rmse" in test[0] else "classification"
            found = FOLDER.fullmatch(runs.parent.name)
            split, dataset = found.groups() if found else ("0", runs.parent.name)
            scores = [f"{_score(one['score'], task):.4f}" for one in test]
            tables[task].append([model, dataset, split, *scores])
    for task, rows in tables.items():
        with (HERE / f"{task}.csv").open("w", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(["model", "dataset", "split", *(f"seed_{seed}" for seed in SEEDS)])
            table.writerows(sorted(rows))


def _score(score: float, task: str) -> float:
    return 100 * score if task == "classification" else -100 * math.log(-score)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
