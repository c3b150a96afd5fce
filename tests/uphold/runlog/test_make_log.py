import numpy as np
import pandas as pd
import pytest
import yaml

from uphold.claims.spec import Spec
from uphold.errors import InputError
from uphold.runlog.make_log import make_log
from uphold.runlog.read import read, read_log


def test_columns_that_the_spec_names_must_be_there(table, relog):
    for change, message in [
        ({"replicate": "sed"}, r"no column 'sed' \(replicate\).*'seed'"),
        ({"run": "rum"}, r"no column 'rum' \(run\).*'run'"),
        ({"factors": ["mixup", "ration"]}, r"no column 'ration' \(factors\).*'ratio'"),
        ({"rows": {"swep": 1}}, r"no column 'swep' \(rows\)"),
        ({"training": ["sizes"]}, r"no column 'sizes' \(training\)"),
    ]:
        with pytest.raises(InputError, match=message):
            relog(table, **change)
    with pytest.raises(InputError, match=r"'auc' \(metrics\.f1\.auroc\)"):
        relog(table, metric={"auroc": "auc"})
    with pytest.raises(InputError, match=r"'n' \(metrics\.f1\.items\)"):
        relog(table, metric={"items": "n"})
    with pytest.raises(InputError, match=r"'t' \(metrics\.f1\.threshold\)"):
        relog(table, metric={"threshold": "t"})


def test_text_in_a_metric_names_row_and_column(table, relog):
    table["f1"] = table["f1"].astype(object)
    table.loc[3, "f1"] = "81 %"
    with pytest.raises(InputError, match=r"row 4 \(run 'r3'\): the column 'f1' holds '81 %'"):
        relog(table)


def test_a_truth_value_is_no_score(table, relog):
    with pytest.raises(
        InputError, match=r"row 1 \(run 'r0'\): the column 'f1' holds True.*1 and 0"
    ):
        relog(table.assign(f1=table["f1"] > 0))
    table["f1"] = table["f1"].astype(object)
    table.loc[4, "f1"] = False
    with pytest.raises(InputError, match=r"row 5 .*holds False, which is a truth value"):
        relog(table)


@pytest.mark.parametrize("name", ["mixup", "seed", "f1", "run"])
@pytest.mark.parametrize("value", [[512, 512], {"a": 1}])
def test_several_values_in_a_cell_are_refused(table, relog, name, value):
    table[name] = [value if i == 2 else level for i, level in enumerate(table[name])]
    with pytest.raises(InputError, match=rf"row 3 .*'{name}' holds .*several values.*own"):
        relog(table)


def test_several_values_in_a_column_that_is_not_used_do_no_harm(table, relog):
    table["samples"] = [[1, 2]] * 16
    assert len(relog(table).scores.table) == 16


def test_empty_cells_and_none_are_missing_scores(table, relog):
    table["f1"] = table["f1"].astype(object)
    table.loc[:1, "f1"] = [None, "None"]
    assert np.isnan(relog(table).scores.values("f1")).sum() == 2


def test_rows_are_chosen(table, relog):
    log = relog(table.assign(sweep=["a"] * 8 + ["b"] * 8), rows={"sweep": ["b"]})
    assert len(log.scores.table) == 8
    with pytest.raises(InputError, match="no row meets"):
        relog(table, rows={"ratio": 7})


def test_a_run_without_its_seed_is_named(table, relog):
    table["seed"] = table["seed"].astype(float)
    table.loc[2, "seed"] = np.nan
    with pytest.raises(InputError, match="row 3: no value in the replicate column 'seed'"):
        relog(table)


@pytest.mark.parametrize(
    ("name", "kind"), [("epoch", "epochs"), ("step", "epochs"), ("clip", "items")]
)
def test_rows_that_are_parts_of_runs_are_refused_by_name(table, relog, name, kind):
    parts = pd.concat([table.assign(**{name: i}) for i in range(5)])
    with pytest.raises(
        InputError, match=rf"differ in '{name}'. If they are the {kind} of"
    ) as found:
        relog(parts)
    assert f"`replicate: [seed, {name}]`" in str(found.value)
    assert f"If {name!r} is " in str(found.value) and f"`aside: [{name}]`" in str(found.value)
    relog(parts, replicate=["seed", name])
    relog(parts, aside=[name])
    if kind == "epochs":
        # where training stopped, in repeated runs of a seed
        relog(parts.rename(columns={name: "best_epoch"}))
    relog(table.assign(epochs=50))


def test_a_column_cannot_be_factor_and_metric(table, relog):
    with pytest.raises(InputError, match="'f1' is a factor and cannot be a metric"):
        relog(table, factors=["mixup", "f1"])
    with pytest.raises(InputError, match="'f1' is a replicate and cannot be a metric"):
        relog(table, replicate="f1")


def test_a_factor_stands_once(table, relog):
    with pytest.raises(InputError, match="the factor 'mixup' stands twice"):
        relog(table, factors=["mixup", "ratio", "mixup"])


def test_a_training_set_column_is_found_by_its_name(table, relog):
    assert relog(table.assign(training_set="a")).training == ("training_set",)
    assert relog(table).training == ()


def test_from_a_file(tmp_path, table, values):
    table.to_csv(tmp_path / "runs.csv", index=False, sep=";")
    log = read_log(tmp_path / "runs.csv", Spec.model_validate(values))
    assert log.scores.values("f1").tolist() == table["f1"].tolist()
    assert log.scores.levels("mixup") == [False, True]


def nested(datasets, seeds) -> pd.DataFrame:
    """Return two arms on data sets, each with its seed."""
    rows = [(a, d, s) for a in (1, 2) for d, s in zip(datasets, seeds, strict=True)]
    return pd.DataFrame(rows, columns=["arm", "dataset", "seed"]).assign(f1=0.5)


def test_nested_replicates_in_an_order_that_cannot_be_are_refused(values):
    keys = {"run": None, "factors": ["arm"]}
    table = nested("xxyy", [1, 2, 3, 4])
    reversed_ = Spec.model_validate({**values, **keys, "replicate": ["seed", "dataset"]})
    with pytest.raises(InputError, match=r"every seed has one dataset.*\[dataset, seed\]"):
        make_log(table, reversed_, "runs.csv")
    right = Spec.model_validate({**values, **keys, "replicate": ["dataset", "seed"]})
    assert make_log(table, right, "runs.csv").scores.replicate == "dataset"


def test_one_seed_for_all_data_sets_is_an_order_that_can_be(values):
    keys = {"run": None, "factors": ["arm"], "replicate": ["dataset", "seed"]}
    log = make_log(nested("xyz", [42] * 3), Spec.model_validate({**values, **keys}), "runs.csv")
    assert log.scores.replicates == ("dataset", "seed")


def test_a_rule_finds_a_text_that_is_written_as_a_number(tmp_path, table, values):
    table.assign(release=["1.1", "1.10"] * 8).to_csv(tmp_path / "runs.csv", index=False)
    spec = Spec.model_validate(values | {"rows": {"release": "1.10"}})
    assert len(read_log(tmp_path / "runs.csv", spec).scores.table) == 8


def test_a_log_of_one_run_is_not_judged(tmp_path, table, values):
    table[:1].to_csv(tmp_path / "runs.csv", index=False)
    (tmp_path / "spec.yaml").write_text(yaml.safe_dump(values))
    with pytest.raises(InputError, match="the log is of one run"):
        read(tmp_path / "runs.csv", tmp_path / "spec.yaml")


def test_numeric_settings_are_numbers_and_on_a_log_scale_positive(table, relog):
    numeric = {"numeric": {"lr": "log"}}
    table["lr"] = np.geomspace(1e-4, 1e-1, len(table))
    assert relog(table, **numeric).numeric == {"lr": "log"}
    with pytest.raises(InputError, match=r"no column 'rate' \(numeric\)"):
        relog(table, numeric={"rate": "log"})
    with pytest.raises(InputError, match=r"row 3 .*'lr' holds 0.0, which has no logarithm"):
        relog(table.assign(lr=table.lr.where(table.index != 2, 0.0)), **numeric)
    with pytest.raises(InputError, match=r"'lr' holds 'high', which is no number"):
        relog(table.assign(lr="high"), **numeric)


def test_a_numeric_setting_is_no_setting_that_nothing_names(table, relog):
    table["depth"] = [1, 2, 3, 4] * (len(table) // 4)
    assert "depth" in relog(table).unnamed
    assert relog(table, numeric={"depth": "linear"}).unnamed == ()
