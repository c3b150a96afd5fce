"""Small programs as users write them, and the studies that they are of."""

import json
import textwrap
from pathlib import Path
from typing import Any

from uphold.command import data as prepared
from uphold.command import training
from uphold.command.settings import Data, run_class
from uphold.training.contract import Task

HONEST = """
    import json, random, sys
    seed, lr, out = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    draw = random.Random(seed)
    scores = {"accuracy": 0.8 + lr + draw.random() / 10, "validation_accuracy": 0.8}
    json.dump(scores, open(out + "/metrics.json", "w"))
"""
COMMAND = ["python", "train.py", "{seed}", "{lr}", "{out}"]
SETTINGS = {"lr": {"kind": "float", "above": 0}}


class Program:
    """A program in a folder, prepared as the study ``toy``.

    Parameters
    ----------
    folder : Path
    text : str
        What ``train.py`` holds.
    **data
        Of `uphold.command.settings.Data`.
    """

    def __init__(
        self,
        folder: Path,
        text: str,
        **data: Any,
    ) -> None:
        self.folder = folder / "program"
        self.folder.mkdir()
        (self.folder / "train.py").write_text(textwrap.dedent(text))
        given = {"command": COMMAND, "files": ["train.py"], "settings": SETTINGS}
        self.settings = Data.model_validate({"path": str(self.folder)} | given | data)
        self.run = run_class("toy", self.settings)
        self.data = folder / "data"
        self.data.mkdir()
        prepared.prepare(self.settings, self.data)

    def task(self, seed: int = 1, **values: Any) -> Task[Any]:
        """Return a run."""
        return Task(self.run.model_validate({"lr": 0.1} | values), seed)

    def result(self, seed: int = 1, **values: Any) -> Any:
        """Run it, and return what it gave."""
        loaded = training.load(self.data)
        (found,) = training.train([self.task(seed, **values)], loaded, "cpu")
        return found


def written(scores: Any) -> str:
    """Return a program that writes these scores, whatever it is asked."""
    text = json.dumps(scores)
    return f"import sys\nopen(sys.argv[3] + '/metrics.json', 'w').write({text!r})\n"
