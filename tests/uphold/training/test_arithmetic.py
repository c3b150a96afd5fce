"""Data are loaded and lanes trained on one thread, whatever the process has."""

import ast
from types import SimpleNamespace

import pytest
import torch

from uphold.pipeline.code_modules import SymbolTable
from uphold.training import arithmetic

CALLERS = ("uphold.cli.train", "uphold.pipeline.study")
IN_NO_KEY = {"uphold.training.devices", "uphold.training.executors.fitting"}
IN_NO_KEY |= {"uphold.training.probe", "uphold.training.stacked_adam"}
"""What imports torch and stands in no run key for being there: it asks torch where to train, on how
many GPUs, and how; or the probe tries it, and a study that trains by it has it in its keys."""


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_on_one_thread(two_threads):
    training = SimpleNamespace(
        load=lambda folder: torch.get_num_threads(),
        train=lambda lane, data, device: [torch.get_num_threads()],
    )
    assert arithmetic.load(training, None) == 1
    assert arithmetic.train(training, [], None, "cpu") == [1]
    assert torch.get_num_threads() == 2


def test_what_stands_in_no_run_key_does_not_reach_for_torch():
    names = SymbolTable()
    around = names.reached(CALLERS) - {"uphold.threads"}
    assert {module for module in around if _imports_torch(names.module(module))} == IN_NO_KEY


def _imports_torch(module):
    nodes = [node for statement in module.statements for node in ast.walk(statement)]
    found = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    found |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return "torch" in {name.partition(".")[0] for name in found}
