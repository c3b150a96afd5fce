"""The code's digest keeps what decides nothing out, and lets nothing that decides slip by.

Each case is a small pair of packages, written to a folder and never imported, and an edit of it.
"""

import textwrap

import pytest

from uphold.errors import InputError
from uphold.pipeline import code_digest
from uphold.pipeline.code_modules import Node
from uphold.pipeline.study import found

TOY = {
    "uphold/__init__.py": "",
    "uphold/training/__init__.py": "",
    "uphold/training/contract.py": """
        from dataclasses import dataclass
        from pydantic import BaseModel

        class RunSettings(BaseModel):
            def canonical(self) -> dict:
                return self.model_dump(mode="json")

        @dataclass(frozen=True)
        class Task:
            settings: RunSettings
            seed: int
        """,
    "uphold/threads.py": """
        import torch

        def one_thread(count=1):
            torch.set_num_threads(count)
        """,
    "uphold/training/arithmetic.py": """
        from uphold.threads import one_thread

        def load(training, folder):
            one_thread()
            return training.load(folder)

        def train(training, lane, data, device):
            one_thread()
            return training.train(lane, data, device)
        """,
    "uphold/cli/__init__.py": """
        import typer

        Name = typer.Argument(help="a name")

        def describe():
            pass

        app = typer.Typer(callback=describe)
        """,
    "uphold/cli/train.py": """
        from uphold.training import arithmetic

        def train(study):
            from uphold.cli import progress

            data = arithmetic.load(study.training, study.folder)
            return progress.track(arithmetic.train(study.training, study.lane, data, "cpu"))
        """,
    "uphold/cli/progress.py": """
        EVERY = 10

        def track(steps):
            return steps[::EVERY]
        """,
    "uphold/training/steps.py": """
        import torch
        import torch.nn.functional as F

        RATE = 0.1
        TABLE = {"one": 1}
        TABLE["two"] = 2
        OTHERS = []
        OTHERS.append(3)

        def step(x, rate=RATE):
            return shrink(x) * rate

        def shrink(x):
            '''Make it smaller.'''
            if x is None:
                raise ValueError("there is nothing")
            return F.relu(x) - 1

        def even(n):
            return n == 0 or odd(n - 1)

        def odd(n):
            return n != 0 and even(n - 1)

        def unused(x):
            return 7
        """,
    "studies/__init__.py": "",
    "studies/toy/__init__.py": "",
    "studies/toy/study.py": """
        from studies.toy.scores import SCORES
        from studies.toy.settings import Run

        STUDY = [Run, SCORES]
        """,
    "studies/toy/scores.py": """
        SCORES = tuple(dict.fromkeys("ab"))
        """,
    "studies/toy/settings.py": """
        from typing import Annotated
        from pydantic import Field, model_validator
        from uphold.training.contract import RunSettings

        class Widths(RunSettings):
            narrow: int = 3

            @property
            def wide(self) -> int:
                return self.narrow * 2

        Either = Widths | None

        class Run(RunSettings):
            width: Annotated[int, Field(ge=1)] = 4
            widths: Either = None
            epochs: int = 2

            @model_validator(mode="after")
            def _fits(self):
                if self.width > 9:
                    raise ValueError("too wide")
                return self

            @property
            def trained(self) -> int:
                return self.epochs + 1

            def canonical(self) -> dict:
                return {"width": self.width}
        """,
    "studies/toy/training/__init__.py": """
        from studies.toy.training.lane import plan, train
        from studies.toy.training.prepared import load
        """,
    "studies/toy/training/prepared.py": """
        from dataclasses import dataclass
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from studies.toy.settings import Run

        @dataclass(frozen=True)
        class Prepared:
            x: list
            y: list = None

            def rows(self):
                return len(self.x) + 0

        def load(folder):
            return Prepared([1])
        """,
    "studies/toy/training/lane.py": """
        from uphold.training import steps
        from uphold.training.steps import even as is_even

        PLANNED = 3

        def plan(tasks, data, device, workers):
            return [tasks[:PLANNED]]

        def train(lane, data, device):
            found = [steps.step(task.seed) for task in lane]
            return [data.rows(), found, is_even(4), steps.TABLE, steps.OTHERS, Kind().name]

        class Kind:
            first = 1

            @property
            def name(self):
                return self.helped()

            def helped(self):
                return 5
        """,
}


def digest(folder, files=TOY) -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text))
    code_digest.of_training.cache_clear()
    return code_digest.of_training("toy", "studies.toy.settings:Run", folder)


def changed(file: str, old: str, new: str, files=TOY) -> dict[str, str]:
    name = next(n for n in files if n.endswith(file))
    assert old in textwrap.dedent(files[name]), f"{old!r} is not in {name}"
    return {**files, name: textwrap.dedent(files[name]).replace(old, new, 1)}


def and_more(file: str, text: str) -> dict[str, str]:
    name = next(n for n in TOY if n.endswith(file))
    return {**TOY, name: textwrap.dedent(TOY[name]) + textwrap.dedent(text)}


MOVED = changed("steps.py", "def shrink(x):", "def shrink_not(x):")
MOVED = changed("steps.py", "import torch\n", "from uphold.training.more import shrink\n", MOVED)
MOVED["uphold/training/more.py"] = """
    from torch.nn.functional import relu

    def shrink(x):
        if x is None:
            raise ValueError("there is nothing")
        return relu(x) - 1
    """

DECIDE_NOTHING = {
    "a table that nobody reads": and_more("lane.py", "M = {}\nM['one'] = 5\n"),
    "a docstring": changed("steps.py", "Make it smaller.", "Smaller."),
    "a comment": changed("steps.py", "RATE = 0.1", "RATE = 0.1  # tuned"),
    "an error's wording": changed("steps.py", "there is nothing", "nothing there"),
    "an error's cause": changed("steps.py", '("there is nothing")', '(f"no {x}") from None'),
    "an annotation": changed("steps.py", "def shrink(x):", "def shrink(x: float) -> float:"),
    "a table's annotation": changed("steps.py", "RATE = 0.1", "RATE: float = 0.1"),
    "a field's annotation": changed("prepared.py", "x: list", "x: list[int]"),
    "an alias": changed(
        "lane.py", "is_even(4)", "same(4)", changed("lane.py", "as is_even", "as same")
    ),
    "a module's alias": changed(
        "lane.py",
        "steps.step(",
        "uphold.training.steps.step(",
        changed("lane.py", "PLANNED = 3", "import uphold.training.steps\nPLANNED = 3"),
    ),
    "another way to the same name": changed("steps.py", "F.relu", "torch.nn.functional.relu"),
    "an unused function": changed("steps.py", "return 7", "return 8"),
    "a new function": and_more("steps.py", "def new(x):\n    return x\n"),
    "a new class": and_more("lane.py", "class New(Kind):\n    second: int = 2\n"),
    "a new table": and_more("lane.py", "NEW = frozenset({1, 2})\n"),
    "the order of functions": changed(
        "lane.py",
        "PLANNED = 3\n",
        "",
        and_more("lane.py", "PLANNED = 3\n"),
    ),
    "a function moved": MOVED,
    "how lanes are planned": changed("lane.py", "PLANNED = 3", "PLANNED = 4"),
    "for type checkers alone": changed("prepared.py", "import Run", "import Widths"),
    "run as a script": and_more("lane.py", "if __name__ == '__main__':\n    train([], 1, 2)\n"),
    "a default of a run": changed("settings.py", "epochs: int = 2", "epochs: int = 3"),
    "a new setting": changed("settings.py", "epochs: int = 2", "epochs: int = 2\n    new: int = 1"),
    "bounds of a setting": changed("settings.py", "ge=1", "ge=2"),
    "a validator": changed("settings.py", "self.width > 9", "self.width > 8"),
    "canonical": changed("settings.py", '{"width": self.width}', '{"width": 1}'),
    "a new import": and_more("lane.py", "import numpy as np\n"),
    "a logger": and_more("lane.py", "import logging\nLOG = logging.getLogger(__name__)\n"),
    "a span of time": and_more("lane.py", "import datetime\nDAY = datetime.timedelta(days=1)\n"),
    "an array": and_more("lane.py", "import numpy as np\nWIDTHS = np.arange(3)\n"),
    "a mark for type checkers": changed(
        "lane.py", "class Kind:", "from typing import final\n\n\n@final\nclass Kind:"
    ),
    "a table made of another": and_more("lane.py", "M = [*map(str, steps.TABLE.keys())]\n"),
    "how progress is shown": changed("progress.py", "EVERY = 10", "EVERY = 20"),
    "what the command says": changed("cli/__init__.py", "a name", "the name"),
    "a score": changed("scores.py", '"ab"', '"abc"'),
    "a field of the task": changed("contract.py", "seed: int", "seed: int\n    title: str = ''"),
}

DECIDE = {
    "a constant": changed("steps.py", "RATE = 0.1", "RATE = 0.2"),
    "a default": changed("steps.py", "rate=RATE", "rate=0.3"),
    "an operator": changed("steps.py", "- 1", "+ 1"),
    "the other of a circle": changed("steps.py", "n != 0", "n != 1"),
    "an entry of a table": changed("steps.py", '"one": 1', '"one": 0'),
    "an entry put in later": changed("steps.py", '["two"] = 2', '["two"] = 0'),
    "an entry appended": changed("steps.py", "append(3)", "append(4)"),
    "another function of that name": changed("steps.py", "F.relu", "torch.special.relu"),
    "where a name comes from": changed(
        "steps.py", "import torch.nn.functional as F", "import torch.special as F"
    ),
    "which function is called": changed("lane.py", "even as is_even", "odd as is_even"),
    "a decorator": changed("steps.py", "def shrink", "@torch.compile\ndef shrink"),
    "a decorator that only wraps": changed(
        "steps.py", "def shrink", "from functools import cache\n\n\n@cache\ndef shrink"
    ),
    "a method of an instance": changed("lane.py", "return 5", "return 6"),
    "a class attribute": changed("lane.py", "first = 1", "first = 2"),
    "a method of the data": changed("prepared.py", "+ 0", "+ 1"),
    "a field's default": changed("prepared.py", "y: list = None", "y: list = ()"),
    "the order of fields": changed("prepared.py", "x: list\n", "z: int\n    x: list\n"),
    "a base": changed("lane.py", "class Kind:", "class Kind(dict):"),
    "a property of the settings": changed("settings.py", "self.epochs + 1", "self.epochs + 2"),
    "a property of settings in them": changed("settings.py", "narrow * 2", "narrow * 3"),
    "what an error carries": changed("steps.py", '("there is nothing")', "(x)"),
    "which error": changed("steps.py", "raise ValueError", "raise TypeError"),
    "a built-in name hidden": and_more("lane.py", "def len(x):\n    return 1\n")
    | {
        "studies/toy/training/prepared.py": TOY["studies/toy/training/prepared.py"].replace(
            "from dataclasses",
            "from studies.toy.training.lane import len\n        from dataclasses",
        )
    },
    "a star import": changed("lane.py", "PLANNED", "from uphold.training.steps import *\nPLANNED"),
    "something patched": and_more("lane.py", "import torch\ntorch.relu = None\n"),
    "a call at the top": and_more("steps.py", "import torch\ntorch.manual_seed(1)\n"),
    "a loop at the top": and_more("steps.py", "for k in 'ab':\n    TABLE[k] = 0\n"),
    "an import that acts": and_more("lane.py", "import studies.toy.patch\n")
    | {"studies/toy/patch.py": "import torch\n\ntorch.set_num_threads(2)\n"},
    "a function registered": and_more(
        "lane.py", "@steps.OTHERS.append\ndef one():\n    return 1\n"
    ),
    "a table filled through another": and_more("lane.py", "M = [steps.OTHERS]\nM[0].append(5)\n"),
    "a table filled through a view of it": and_more(
        "lane.py",
        "from collections import ChainMap\nM = ChainMap(steps.TABLE)\nM['one'] = 5\n",
    ),
    "a table augmented": and_more("steps.py", "RATE += 1\n"),
    "how many threads": changed("threads.py", "count=1", "count=2"),
    "what a lane is trained under": changed(
        "arithmetic.py", "    one_thread()\n    return t", "    t"
    ),
    "what a study's registration does": and_more("study.py", "import torch\ntorch.x = 1\n"),
    "what the import of its scores does": and_more("scores.py", "import torch\ntorch.x = 1\n"),
    "what the command does on import": and_more("cli/train.py", "import torch\ntorch.x = 1\n"),
    "what the command's package does": and_more("cli/__init__.py", "import torch\ntorch.x = 1\n"),
    "what it imports when it is called": and_more("progress.py", "import torch\ntorch.x = 1\n"),
    "a table filled by map": and_more("steps.py", "D = list(map(OTHERS.append, (4,)))\n"),
    "a table filled by a key": and_more("steps.py", "D = sorted((4,), key=OTHERS.append)\n"),
    "a table filled by a substitution": and_more(
        "steps.py", "import re\nD = re.sub('a', OTHERS.append, 'a')\n"
    ),
    "a table filled by an operator": and_more(
        "steps.py", "import operator\nD = operator.iadd(OTHERS, [4])\n"
    ),
    "a table filled by what a call gives": and_more(
        "steps.py", "import operator\nD = operator.methodcaller('append', 4)(OTHERS)\n"
    ),
    "registered by a value": and_more("lane.py", "DONE = steps.step(1)\n"),
    "a metaclass": and_more("lane.py", "class Odd(metaclass=Kind):\n    pass\n"),
}
# A star import of what is known anyway changes nothing.
DECIDE_NOTHING["a star import"] = DECIDE.pop("a star import")


@pytest.mark.parametrize("edit", DECIDE_NOTHING)
def test_edits_that_decide_nothing(edit, tmp_path):
    before = digest(tmp_path)
    assert digest(tmp_path, DECIDE_NOTHING[edit]) == before


@pytest.mark.parametrize("edit", DECIDE)
def test_edits_that_decide(edit, tmp_path):
    before = digest(tmp_path)
    assert digest(tmp_path, DECIDE[edit]) != before


# Each: a way of writing a part of ``lane.py``, and an edit elsewhere that it makes decisive.
WAYS = {
    "imported within a function": (
        "from uphold.training.steps import unused\n    return unused(1)",
        ("return 7", "return 8"),
    ),
    "a module imported within a function": (
        "import uphold.training.steps as s\n    return s.unused(1)",
        ("return 7", "return 8"),
    ),
    "a computed attribute of a module": (
        "return getattr(steps, device)(1)",
        ("return 7", "return 8"),
    ),
    "through the package": (
        "import uphold\n    return uphold.training.steps.unused(1)",
        ("return 7", "return 8"),
    ),
    "in a comprehension": (
        "return [steps.unused(x) for x in lane]",
        ("return 7", "return 8"),
    ),
    "in a lambda": ("return lambda x: steps.unused(x)", ("return 7", "return 8")),
    "in a nested function": (
        "def inner():\n        return steps.unused(1)\n    return inner",
        ("return 7", "return 8"),
    ),
    "in a default": (
        "def inner(x=steps.unused):\n        return x\n    return inner",
        ("return 7", "return 8"),
    ),
    "in the iterable of its own name": (
        "return [unused for unused in unused(1)]",
        ("return 7", "return 8"),
    ),
    "as a base": (
        "class Inner(steps.Old):\n        pass\n    return Inner",
        ("return 7", "return 8\n\nclass Old:\n    pass"),
    ),
    "by importlib": (
        "import importlib\n    return importlib.import_module(device)",
        ("return 7", "return 8"),
    ),
    "by eval": ("return eval(device)", ("return 7", "return 8")),
    "by globals": ("return globals()[device]", ("return 7", "return 8")),
    "by subclasses": ("return Kind.__subclasses__()", ("return 7", "return 8")),
    "by a file beside it": ("return open(__file__)", ("return 7", "return 8")),
    "by the words of an error": (
        "try:\n        steps.step(1)\n    except ValueError as error:\n        return str(error)",
        ("there is nothing", "nothing there"),
    ),
    "by annotations": (
        "return steps.shrink.__annotations__",
        ("def shrink(x):", "def shrink(x: int):"),
    ),
    "by a docstring": ("return steps.shrink.__doc__", ("Make it smaller", "Smaller")),
}


@pytest.mark.parametrize("way", WAYS)
def test_ways_of_reaching_code(way, tmp_path):
    text, (old, new) = WAYS[way]
    body = f"def reached(lane, device):\n    {text}\n"
    files = changed("lane.py", "def plan", f"{body}\n\ndef plan")
    files = changed("lane.py", "PLANNED = 3", "from uphold.training.steps import unused\n", files)
    files = changed("lane.py", "[:PLANNED]", "[:3]", files)
    files = changed("lane.py", "return [data.rows()", "return [reached(lane, device)", files)
    before = digest(tmp_path, files)
    assert digest(tmp_path, changed("steps.py", old, new, files)) != before


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        # Its own names are no uses of the module's.
        ("def reached(unused):\n    return unused", "return 7", "return 8"),
        ("def reached():\n    unused = 1\n    return unused", "return 7", "return 8"),
        ("def reached():\n    return [unused for unused in 'ab']", "return 7", "return 8"),
        ("def reached():\n    return (lambda unused: unused)", "return 7", "return 8"),
        ("def reached(x: unused):\n    y: unused = x\n    return y", "return 7", "return 8"),
        (
            "def reached():\n    [unused := 1 for x in 'ab']\n    return unused",
            "return 7",
            "return 8",
        ),
        # An error that is told on, and not looked at.
        (
            "def reached():\n    try:\n        return steps.step(1)\n"
            "    except ValueError as error:\n        raise error",
            "there is nothing",
            "nothing there",
        ),
        (
            "def reached():\n    try:\n        return steps.step(1)\n"
            "    except ValueError as error:\n        raise ValueError(f'{error}!') from error",
            "there is nothing",
            "nothing there",
        ),
    ],
)
def test_what_is_no_use(text, old, new, tmp_path):
    files = changed("lane.py", "def plan", f"{text}\n\ndef plan")
    files = changed("lane.py", "PLANNED = 3", "from uphold.training.steps import unused\n", files)
    files = changed("lane.py", "[:PLANNED]", "[:3]", files)
    files = changed("lane.py", "return [data.rows()", "return [reached", files)
    before = digest(tmp_path, files)
    assert digest(tmp_path, changed("steps.py", old, new, files)) == before


# Each: a definition in ``lane.py`` that something looks at, so that its annotations count.
LOOKED_AT = {
    "a model converts by its fields": (
        "from pydantic import BaseModel\n\nclass Kept(BaseModel):\n    x: int = 1",
        "x: float = 1",
    ),
    "a model of ours": (
        "from uphold.training.contract import RunSettings\n\n"
        "class Kept(RunSettings):\n    x: int = 1",
        "x: float = 1",
    ),
    "dispatch by annotation": (
        "from functools import singledispatch\n\n@singledispatch\ndef Kept(x: int = 1):\n    pass",
        "x: float = 1",
    ),
    "a checked call": (
        "from pydantic import validate_call\n\n@validate_call\ndef Kept(x: int = 1):\n    return x",
        "x: float = 1",
    ),
    "a compiled function": (
        "import torch\n\n@torch.jit.script\ndef Kept(x: int = 1):\n    return x",
        "x: float = 1",
    ),
    "what a compiled function gives": (
        "from torch import jit\n\n@jit.script\ndef Kept(x) -> 'x: int = 1':\n    return x",
        "x: float = 1",
    ),
    "a variable of a compiled function": (
        "import torch\n\n@torch.jit.script\ndef Kept():\n    x: int = 1\n    return x",
        "x: float = 1",
    ),
    "a method of a compiled class": (
        "from torch.jit import script\n\n@script\nclass Kept:\n"
        "    def f(self, x: int = 1):\n        return x",
        "x: float = 1",
    ),
    "an operator with a schema": (
        "import torch\n\n@torch.library.custom_op('toy::kept', mutates_args=())\n"
        "def Kept(x: int = 1):\n    return x",
        "x: float = 1",
    ),
    "no field of a data class": (
        "from dataclasses import dataclass\nfrom typing import ClassVar\n\n@dataclass\n"
        "class Kept:\n    x: int = 1",
        "x: ClassVar[int] = 1",
    ),
}


@pytest.mark.parametrize(
    "made",
    [
        "import torch\n\nmade = torch.jit.script(steps.shrink)",
        "from torch.library import custom_op\n\n"
        "def made():\n    return custom_op('toy::it', steps.shrink, mutates_args=())",
    ],
)
def test_a_function_that_is_handed_to_a_compiler_counts_with_its_types(made, tmp_path):
    files = changed("lane.py", "def plan", f"{made}\n\ndef plan")
    files = changed("lane.py", "return [data.rows()", "return [made", files)
    before = digest(tmp_path, files)
    typed = changed("steps.py", "def shrink(x):", "def shrink(x: int):", files)
    assert digest(tmp_path, typed) != before


# Each: a definition whose annotations nothing looks at, as far as is known.
PASSED_OVER = {
    "a function without gradients": (
        "import torch\n\n@torch.no_grad()\ndef Kept(x: int = 1):\n    y: int = x\n    return y"
    ),
    "one beside a compiled one": (
        "import torch\n\n@torch.jit.script\ndef other(y):\n    return y\n\n"
        "def Kept(x: int = 1):\n    return x"
    ),
    "a method of a data class": (
        "from dataclasses import dataclass\n\n@dataclass\nclass Kept:\n"
        "    def f(self, x: int = 1):\n        return x"
    ),
}


@pytest.mark.parametrize("case", PASSED_OVER)
def test_annotations_that_nothing_looks_at_do_not(case, tmp_path):
    files = changed("lane.py", "def plan", f"{PASSED_OVER[case]}\n\ndef plan")
    files = changed("lane.py", "return [data.rows()", "return [Kept", files)
    before = digest(tmp_path, files)
    assert digest(tmp_path, changed("lane.py", "x: int = 1", "x: float = 1", files)) == before


@pytest.mark.parametrize("case", LOOKED_AT)
def test_annotations_that_something_looks_at_count(case, tmp_path):
    text, new = LOOKED_AT[case]
    files = changed("lane.py", "def plan", f"{text}\n\ndef plan")
    files = changed("lane.py", "return [data.rows()", "return [Kept", files)
    before = digest(tmp_path, files)
    assert digest(tmp_path, changed("lane.py", "x: int = 1", new, files)) != before


@pytest.mark.parametrize(
    "text",
    [
        "from uphold.training.steps import unused as f\nf = [f]\n",
        "f = 1\nfrom uphold.training.steps import unused as f\n",
        "from studies.toy import training as f\nfrom uphold.training.steps import unused as f\n",
    ],
)
def test_an_imported_name_bound_again_counts_with_what_it_was(text, tmp_path):
    files = changed("lane.py", "PLANNED = 3", f"PLANNED = 3\n{text}")
    files = changed("lane.py", "return [data.rows()", "return [f", files)
    before = digest(tmp_path, files)
    assert digest(tmp_path, changed("steps.py", "return 7", "return 8", files)) != before


def test_a_name_bound_twice_counts_with_both(tmp_path):
    text = (
        "try:\n    from uphold.training.steps import unused as f\nexcept ImportError:\n    f = 1\n"
    )
    files = changed("lane.py", "PLANNED = 3", f"PLANNED = 3\n{text}")
    files = changed("lane.py", "return [data.rows()", "return [f(1)", files)
    before = digest(tmp_path, files)
    assert digest(tmp_path, changed("steps.py", "return 7", "return 8", files)) != before
    assert digest(tmp_path, changed("lane.py", "    f = 1", "    f = 2", files)) != before


def test_relative_imports_and_a_package_that_hands_on_its_module(tmp_path):
    files = changed("lane.py", "from uphold.training import steps", "from . import near as steps")
    files["studies/toy/training/near.py"] = "from uphold.training.steps import *\n"
    files = changed(
        "toy/training/__init__.py",
        "from studies.toy",
        "from . import near\nfrom studies.toy",
        files,
    )
    before = digest(tmp_path, files)
    assert digest(tmp_path, changed("steps.py", "return 7", "return 8", files)) == before
    assert digest(tmp_path, changed("steps.py", "- 1", "+ 1", files)) != before


def test_a_name_that_a_module_makes_up_counts_with_all_of_the_module(tmp_path):
    files = changed("lane.py", "is_even(4)", "steps.anything")
    made = "def __getattr__(name):\n    return unused(name)\n\n\ndef unused"
    files = changed("steps.py", "def unused", made, files)
    before = digest(tmp_path, files)
    assert digest(tmp_path, changed("steps.py", "return 7", "return 8", files)) != before


def test_a_subclass_that_registers_itself_counts(tmp_path):
    hook = "    @classmethod\n    def __init_subclass__(cls):\n        steps.OTHERS.append(cls)\n"
    files = changed("lane.py", "    first = 1\n", f"    first = 1\n\n{hook}")
    before = digest(tmp_path, files)
    more = textwrap.dedent(files["studies/toy/training/lane.py"]) + "class New(Kind):\n    x = 1\n"
    assert digest(tmp_path, {**files, "studies/toy/training/lane.py": more}) != before


# Each: a part of a class of settings that training can read and no key holds, and an edit of it.
UNKEYED = {
    "a constant": ("LIMIT: ClassVar[int] = 3", "= 3", "= 4"),
    "a final constant": ("LIMIT: Final = 3", "= 3", "= 4"),
    "a private attribute": ("_kept: int = 3", "= 3", "= 4"),
    "a private attribute that a validator sets": (
        "@model_validator(mode='after')\n    def _set(self):\n        self._kept = 3\n"
        "        return self",
        "= 3",
        "= 4",
    ),
    "a private attribute set by its name": (
        "@model_validator(mode='after')\n    def _set(self):\n"
        "        object.__setattr__(self, 'kept', 3)\n        return self",
        "3)",
        "4)",
    ),
    "what a validator writes into a private table": (
        "_kept: dict = {}\n\n    @model_validator(mode='after')\n    def _set(self):\n"
        "        put(self, 3)\n        return self",
        "3)",
        "4)",
    ),
}


@pytest.mark.parametrize("case", UNKEYED)
def test_what_of_the_settings_no_key_holds_counts(case, tmp_path):
    text, old, new = UNKEYED[case]
    files = changed("toy/settings.py", "epochs: int = 2\n", f"epochs: int = 2\n    {text}\n")
    before = digest(tmp_path, files)
    edited = changed("toy/settings.py", text, text.replace(old, new), files)
    assert digest(tmp_path, edited) != before


def test_an_entry_that_is_not_there_is_named(tmp_path):
    digest(tmp_path)
    with pytest.raises(InputError, match=r"studies\.toy\.training defines no 'teach'"):
        code_digest.of_code([Node("studies.toy.training", "teach")], tmp_path)


def test_the_studies_code_can_be_followed():
    for study in found().values():
        entry = Node(f"studies.{study.name}.training", "train")
        names = code_digest.SymbolTable()
        graph = code_digest.Graph(names).follow([code_digest._definition(names, entry)])
        assert not graph.untraceable, study.name
        assert not graph.reads_errors, study.name
