"""What retrains: edits of a copy of the source, and the runs that get new keys by them.

Anybody must dare to tidy up when a sweep takes days: edits that decide nothing change no run's key.
And nobody may publish a run that another code trained: edits that decide change the keys of all
runs that pass through them, and of no others.

An edit names the text that it changes; the file that holds it is looked for, so that a file may
move.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from uphold.pipeline import code_digest
from uphold.pipeline.study import found

ROOT = Path(__file__).parents[3]
STUDIES = tuple(found())
ALL = set(STUDIES)

KEYS = """
import json
from pathlib import Path
from uphold.pipeline import sweeps
from uphold.pipeline.design import key
from uphold.pipeline.params import load
from uphold.pipeline.stages.train import code_of
from uphold.pipeline.study import find

params = load(Path())
keys = {}
for name, sweep in params.names.sweeps.items():
    code = code_of(find(sweep.study))
    for run in sweeps.runs(params, name, {}):
        made = key(sweep.study, run, data="d", code=code, torch="t", arithmetic="avx2")
        keys[f"{sweep.study}/{name}/{run.name}"] = made, run.settings.canonical()
print(json.dumps(keys))
"""

Edit = Mapping[str, str]

FALL = '''def _fall(epochs: int, floor: float) -> list[float]:
    """Return shares that fall from 1 towards the floor along half a cosine."""
    return [floor + (1 - floor) * (1 + cos(pi * n / epochs)) / 2 for n in range(epochs)]
'''

DECIDE_NOTHING: dict[str, Edit] = {
    "an error's wording": {"leave no positive clip in the training split": "leave no clip"},
    "the wording of settings' errors": {"it should hold at least one": "it needs one"},
    "a docstring": {"From the training split to the rows that one run learns from.": "Rows."},
    "a comment": {"# A value of 0 was either cut off or dropped": "# A zero was cut or dropped"},
    "an annotation": {
        "def initialise(model: nn.Module, seed: int) -> None:": "def initialise(model, seed):"
    },
    "a field's annotation": {"    history: dict[str, np.ndarray]\n": "    history: dict\n"},
    "a field of the registry": {
        "    training_set: frozenset[str] = frozenset()\n": "    training_set: frozenset[str] = "
        "frozenset()\n    subtitle: str = ''\n"
    },
    "an evaluation option": {
        "    thresholds: Annotated[int, Field(ge=10, le=1000)] = 100\n": "    thresholds: "
        "Annotated[int, Field(ge=10, le=1000)] = 200\n    weighted: bool = False\n"
    },
    "an option of the data": {
        "    contrast: Annotated[float, Field(ge=0, le=1)] = 0.6": "    "
        "contrast: Annotated[float, Field(ge=0, le=1)] = 0.7"
    },
    "bounds of a setting": {
        "hidden_units: Annotated[int, Field(ge=0, le=8192)]": "hidden_units: "
        "Annotated[int, Field(ge=0, le=9000)]"
    },
    "a validator's wording": {"fill up the same training set: use one": "exclude each other"},
    "a new unused function": {
        "def cut(rng": "def keep(rows):\n    return rows[:7]\n\n\ndef cut(rng"
    },
    "a new unused class": {
        "class Loss(Protocol):": "class Unused(dict):\n    power = 3\n\n\nclass Loss(Protocol):"
    },
    "a moved function": {
        FALL: "from uphold.training.smoothing import _fall\n",
        "Array = TypeVar(": f"from math import cos, pi\n\n\n{FALL}\n\nArray = TypeVar(",
    },
    "a renamed alias": {
        "import cross_entropy\n\nfrom studies.radio.scores": "import cross_entropy as held_out"
        "\n\nfrom studies.radio.scores",
        "float(cross_entropy(logits, frames": "float(held_out(logits, frames",
    },
    "another form of import": {
        "from torch.nn.functional import cross_entropy\n\nfrom studies.speech.settings.run import "
        "SpeechRun\nfrom": "import torch.nn.functional as F\n\nfrom studies.speech.settings.run "
        "import SpeechRun\nfrom",
        "loss = cross_entropy(torch.from_numpy(validation)": "loss = F.cross_entropy("
        "torch.from_numpy(validation)",
    },
    "how runs are put into lanes": {"\nCOMPANY = 8\n": "\nCOMPANY = 4\n"},
    "how long a run is taken to be": {'COST = {"resnet18": 3.0': 'COST = {"resnet18": 4.0'},
    "another evaluation option": {
        "confidence: Annotated[float, Field(gt=0, lt=1)] = 0.95": "confidence: float = 0.9"
    },
    "how worker processes are made": {
        "return shown if len(lane) <= 3 else": "return shown if len(lane) <= 2 else"
    },
    "how a lane's error is told": {
        "return Attempt([], perf_counter() - start, failed)": "print('failed')\n"
        "        return Attempt([], 0.0, failed)"
    },
    "how many lanes Ray is given": {"AHEAD = 2": "AHEAD = 3"},
    "what a run takes of a machine": {"cores: int = 1": "cores: int = 2"},
    "how long the parent sleeps": {"WAKE_S = 1.0": "WAKE_S = 2.0"},
    "what a pipe is told": {"end.send((number, None))": "end.send((number, ()))"},
    "what is said before": {"in the journal already": "known"},
    "a verb": {'    "journal",\n)': '    "journal",\n    "other",\n)'},
    "the command line": {"Make a study's data: features": "Prepare a study's data: features"},
}

DECIDE: dict[str, tuple[set[str], Edit]] = {
    "a constant": ({"calls"}, {"SMALLEST = 1e-12": "SMALLEST = 1e-9"}),
    "a constant of one study": ({"radio"}, {"HIDDEN = 16": "HIDDEN = 8"}),
    "a default": (
        {"calls", "radio", "speech"},
        {"warmup: int = WARMUP, floor": "warmup: int = 4, floor"},
    ),
    "an operator": (
        {"radio", "speech", "multitask"},
        {"math.sqrt(6 / inputs)": "math.sqrt(6 * inputs)"},
    ),
    "a helper two calls away": (
        {"calls"},
        {"k = min(NEIGHBOURS, len(group) - 1)": "k = min(NEIGHBOURS, len(group))"},
    ),
    "a helper of all": (ALL, {'"\\x1f".join': '"\\x1e".join'}),
    "a decorator": ({"radio"}, {"def gain_db(": "@torch.no_grad()\ndef gain_db("}),
    "a table of a module": ({"radio"}, {"LAGS = (1, 2, 4, 8)": "LAGS = (1, 2, 4, 16)"}),
    "a method of an object": (
        ALL,
        {
            "self.epoch - self.best_epoch >= self.patience": "self.epoch - self.best_epoch > self"
            ".patience"
        },
    ),
    "a property of a run's settings": (
        {"radio"},
        {"return self.film or self.denoiser": "return self.film and self.denoiser"},
    ),
    "which function is called": (
        {"radio"},
        {
            "import cross_entropy\n\nfrom studies.radio.scores": "import mse_loss as "
            "cross_entropy\n\nfrom studies.radio.scores"
        },
    ),
    "what is done on import": (
        {"radio", "speech", "multitask"},
        {
            'class Learner(Protocol):\n    """What `fit` asks': "torch.use_deterministic_algorithms"
            '(True)\n\n\nclass Learner(Protocol):\n    """What `fit` asks'
        },
    ),
    "how many threads": (ALL, {"torch.set_num_threads(1)": "torch.set_num_threads(2)"}),
    "what a lane is trained under": (
        ALL,
        {"results: list[Result] = training.": "training.seed = 1\n        results = training."},
    ),
    "what a study's registration does": (
        {"speech"},
        {
            'STUDY = Study(\n    name="speech"': "import torch\n\ntorch.set_flush_denormal(True)\n"
            'STUDY = Study(\n    name="speech"'
        },
    ),
    "what the settings of evaluation do on import": (
        {"calls"},
        {
            'class Evaluation(Settings):\n    """How stored predictions become scores.\n\n    '
            "``thresholds`` is": "import torch\n\ntorch.set_default_dtype(torch.float64)\n\n\n"
            'class Evaluation(Settings):\n    """How stored predictions become scores.\n\n    '
            "``thresholds`` is"
        },
    ),
    "what is done when training is asked for": (
        ALL,
        {
            "Workers = Annotated[\n": "import torch\n\n"
            "torch.set_float32_matmul_precision('medium')\nWorkers = Annotated[\n"
        },
    ),
    "how data are read": (
        {"speech"},
        {'int(arrays.pop("classes")),': '7 + 0 * int(arrays.pop("classes")),'},
    ),
    "what a result tells": (
        {"calls"},
        {
            "        positive = int(self.y.any(dim=1).sum())\n": "     "
            "   positive = int(self.y.sum())\n"
        },
    ),
}

# A default of a run's settings, the study, and a setting that runs have only where it acts.
DEFAULTS: dict[str, tuple[str, str, Edit]] = {
    "that few runs use": (
        "calls",
        "focal_gamma",
        {" = 2.0\n    focal_alpha": " = 3.0\n    focal_alpha"},
    ),
    "that all runs use": (
        "multitask",
        "weight_a",
        {"weight_a: Weight = 1.0": "weight_a: Weight = 1.5"},
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the source."""
    folder = tmp_path_factory.mktemp("copy")
    unread = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", folder / "src", ignore=unread)
    shutil.copy(ROOT / "params.yaml", folder)
    shutil.copytree(ROOT / "params", folder / "params")
    return folder / "src"


@pytest.fixture(scope="module")
def texts(copy) -> dict[Path, str]:
    return {path: path.read_text("utf-8") for path in copy.rglob("*.py")}


@pytest.fixture
def edited(copy, texts):
    """Return a function that makes an edit, each part of it in the one file that holds it."""
    touched = set()

    def edit(change: Edit) -> None:
        for old, new in change.items():
            files = [path for path in texts if old in path.read_text("utf-8")]
            assert len(files) == 1, f"{old!r} stands in {len(files)} files"
            touched.add(files[0])
            files[0].write_text(files[0].read_text("utf-8").replace(old, new))

    yield edit
    for path in touched:
        path.write_text(texts[path])


def codes(source: Path) -> dict[str, str]:
    """Return the digest of each study's code, from a source that is not imported."""
    code_digest.of_training.cache_clear()
    settings = {name: study.run for name, study in found().items()}
    return {
        name: code_digest.of_training(name, f"{run.__module__}:{run.__qualname__}", source)
        for name, run in settings.items()
    }


def keys(source: Path) -> dict[str, tuple[str, dict]]:
    """Return every run's key and canonical settings, from a source that is imported."""
    done = subprocess.run(
        [sys.executable, "-c", KEYS],
        cwd=source.parent,
        env=os.environ | {"PYTHONPATH": str(source), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def codes_before(copy) -> dict[str, str]:
    return codes(copy)


@pytest.fixture(scope="module")
def keys_before(copy) -> dict[str, tuple[str, dict]]:
    return keys(copy)


@pytest.mark.parametrize("name", DECIDE_NOTHING)
def test_an_edit_that_decides_nothing_retrains_no_run(name, copy, edited, codes_before):
    edited(DECIDE_NOTHING[name])
    assert codes(copy) == codes_before


def test_all_of_them_at_once_change_no_key(copy, edited, keys_before):
    for change in DECIDE_NOTHING.values():
        edited(change)
    assert keys(copy) == keys_before
    assert {name.partition("/")[0] for name in keys_before} == ALL


@pytest.mark.parametrize("name", DECIDE)
def test_an_edit_that_decides_retrains_the_runs_that_pass_through_it(
    name, copy, edited, codes_before
):
    studies, change = DECIDE[name]
    edited(change)
    after = codes(copy)
    assert {study for study in STUDIES if after[study] != codes_before[study]} == studies


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_retrains_the_runs_that_use_it(name, copy, edited, codes_before, keys_before):
    study, setting, change = DEFAULTS[name]
    edited(change)
    assert codes(copy) == codes_before
    after = keys(copy)
    moved = {run for run, (made, _) in after.items() if made != keys_before[run][0]}
    uses = {r for r, (_, s) in after.items() if r.startswith(f"{study}/") and setting in s}
    changed = {r for r in uses if after[r][1][setting] != keys_before[r][1][setting]}
    assert moved == changed
    assert moved, "no run uses it"


def test_a_digest_is_quick(copy):
    """Less than a second a study; taken on a source that was not read before."""
    for name, study in found().items():
        run = study.run
        code_digest.of_training.cache_clear()
        start = time.process_time()
        code_digest.of_training(name, f"{run.__module__}:{run.__qualname__}", copy)
        assert time.process_time() - start < 2.0, name
