import pandas as pd
import pytest

from studies.claims.judge import judge_spec
from studies.claims.propose import propose
from studies.claims.spec import read_spec
from studies.errors import InputError


@pytest.fixture
def tracked(table) -> pd.DataFrame:
    """What a tracker writes: settings that do not vary, times, losses, an identifier."""
    return table.rename(columns={"f1": "test_f1", "mixup": "config.mixup"}).assign(
        batch_size=32,
        epochs=50,
        best_epoch=range(16),
        val_loss=[0.3 + i / 100 for i in range(16)],
        created="2024-05-01",
        runtime=[60.0 + i for i in range(16)],
    )


def test_a_proposal_is_read_back_and_fits_its_table(tracked):
    spec = read_spec(propose(tracked), "proposal")
    assert (spec.replicate, spec.run) == ("seed", "run")
    assert spec.factors == ["config.mixup", "ratio"]
    assert list(spec.metrics) == ["test_f1", "val_loss"] and spec.primary == "test_f1"
    loss, f1 = spec.metrics["val_loss"], spec.metrics["test_f1"]
    assert (loss.better, loss.split, f1.better, f1.kind) == ("lower", "validation", "higher", "f1")
    judged = judge_spec(tracked, spec)
    assert {j.verdict for j in judged.values()} == {"supported"}


def test_names_from_the_file_are_data(tracked):
    odd = tracked.rename(columns={"ratio": "a: [b] #\n!!c"})
    spec = read_spec(propose(odd), "proposal")
    assert "a: [b] #\n!!c" in spec.factors


@pytest.mark.parametrize(
    ("columns", "missing"),
    [(["mixup", "f1"], "replicate"), (["mixup", "seed"], "metric"), (["seed", "f1"], "factor")],
)
def test_what_was_not_found_is_said(table, columns, missing):
    with pytest.raises(InputError, match=f"looks like a {missing}"):
        propose(table[columns])
