import pytest
import torch

from uphold.errors import InputError
from uphold.training import devices


@pytest.mark.parametrize(("available", "expected"), [(True, "cuda"), (False, "cpu")])
def test_a_gpu_is_taken_where_there_is_one(monkeypatch, available, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: available)
    assert devices.choose() == expected


def test_a_gpu_that_is_not_there_cannot_be_asked_for(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert devices.choose("cpu") == devices.choose("cpu:0") == "cpu"
    with pytest.raises(InputError, match="No GPU can be used for 'cuda:1'"):
        devices.choose("cuda:1")


@pytest.mark.parametrize("name", ["gpu", "meta", "tpu"])
def test_other_devices_are_refused(name):
    with pytest.raises(InputError, match=f"{name!r}: say 'cpu' or 'cuda'"):
        devices.choose(name)


def test_at_least_one_core():
    assert devices.cores() >= 1
