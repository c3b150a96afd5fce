"""The probe: the same in every process, another where arithmetic is, and told."""

import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
import torch

from uphold import processor
from uphold.training import probe

FRESH = "import json; from uphold.training import probe; print(json.dumps(probe.computed()))"


def test_it_is_the_same_in_this_process_another_and_a_worker():
    here = probe.computed("cpu")
    assert probe.computed.__wrapped__("cpu") == here
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        assert probe.computed.__wrapped__("cpu") == here
    finally:
        torch.set_num_threads(threads)
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == here
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as workers:
        assert workers.submit(probe.computed, "cpu").result() == here


def test_it_takes_no_random_number_from_anybody():
    before = torch.random.get_rng_state()
    probe.computed.__wrapped__("cpu")
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.skipif(bool(processor.unpinned()), reason="nothing to pin here")
def test_shorter_vectors_are_another_outcome():
    env = os.environ | {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41"}
    done = subprocess.run(
        [sys.executable, "-c", FRESH], capture_output=True, text=True, check=True, env=env
    )
    other = json.loads(done.stdout)
    differ = {part for part, found in probe.computed("cpu").items() if other[part] != found}
    assert {"convolutions over one axis", "convolutions over two axes"} <= differ


@pytest.mark.skipif(
    bool(processor.unpinned())
    or (torch.__version__.partition("+")[0] != "2.13.0" or torch.cuda.is_available()),
    reason="the reference is of a pinned processor and this version",
)
def test_a_pinned_processor_computes_as_the_reference_does():
    # oneDNN's recurrent cells were seen to differ between a processor and an emulated one.
    assert set(probe.otherwise(probe.computed("cpu"))) <= {"recurrent cells"}


def test_what_comes_out_otherwise_is_told_with_its_reason(monkeypatch):
    monkeypatch.setattr(probe, "REFERENCE", dict(probe.computed("cpu")))
    assert probe.told("cpu") == ""
    monkeypatch.setattr(probe, "REFERENCE", {})
    told = probe.told("cpu", "this processor has no AVX2")
    assert "\n" not in told
    assert told.startswith("note: convolutions over one axis, convolutions over two axes, ")
    assert "(this processor has no AVX2)" in told


def test_the_digest_is_of_all_parts():
    parts = {"a": "1", "b": "2"}
    assert probe.digest(parts) == probe.digest({"b": "2", "a": "1"})
    assert probe.digest(parts) != probe.digest({**parts, "b": "3"})
