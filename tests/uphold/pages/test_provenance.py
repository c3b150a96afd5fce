"""What made a page, as its table tells it."""

from types import SimpleNamespace

from uphold.format import count, counted
from uphold.pages.provenance import _arithmetic, facts
from uphold.pages.say import made_by, otherwise_computed


def test_training_is_summed_over_distinct_runs_and_each_device_named_once(tmp_path):
    (tmp_path / "params").mkdir()
    for name in ("params.yaml", "params/toy.yaml"):
        (tmp_path / name).write_text("")

    def sweep(**runs: tuple[float, str]) -> SimpleNamespace:
        told = {
            key: {
                "seconds": seconds,
                "device": device,
                "finished": "2026-01-01",
                "as_reference": device == "cpu",
            }
            for key, (seconds, device) in runs.items()
        }
        designed = SimpleNamespace(runs=len(told), failed=[], ensembles=0)
        return SimpleNamespace(name="toy", designed=designed, training=told)

    sweeps = [sweep(a=(60.0, "cuda"), b=(1.0, "cuda, cpu")), sweep(b=(1.0, "cuda, cpu"))]
    data = {"source": "synthetic", "digest": "0" * 64}
    about = SimpleNamespace(study="toy", scale="quick", data=data)
    said = {"title": "A page", "finished": "2026-01-01"}
    page = SimpleNamespace(root=tmp_path, writeup=about, sweeps=sweeps, **said)
    told = facts(page)["training"]
    start = "1 minute 1 second of training, summed over 2 distinct runs, on cpu, cuda; finished"
    assert told.startswith(start)
    cited = "“A page”, not in a git repository, runs finished 2026-01-01"
    assert facts(page)["cite as"] == cited


def test_runs_that_were_computed_otherwise_are_told_once_on_the_page(monkeypatch):
    monkeypatch.setattr("uphold.pages.larger.head", lambda page: "")

    def page(*alike: bool) -> SimpleNamespace:
        told = {str(number): {"as_reference": one} for number, one in enumerate(alike)}
        sweep = SimpleNamespace(training=told)
        data = {"source": "synthetic"}
        about = SimpleNamespace(data=data, scale="quick", shorter={}, sizes={}, archived=None)
        return SimpleNamespace(sweeps=[sweep, sweep], writeup=about)

    assert otherwise_computed(page(True, True)) == ""
    assert "Computed otherwise" not in made_by(page(True, True))
    told = made_by(page(True, False, False))
    assert told.count(f"Computed otherwise: {count(2)} of {counted(3, 'run')}") == 1
    assert _arithmetic(page(True, False, False)).startswith("1 of 3 runs to the bit")
    assert _arithmetic(page(True)).startswith("all runs to the bit")
