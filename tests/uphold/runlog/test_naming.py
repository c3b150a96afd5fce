import pytest

from uphold.runlog.naming import is_slice, read_name


@pytest.mark.parametrize(
    ("column", "kind", "group", "split"),
    [
        ("ood_f1", "f1", ("ood",), "test"),
        ("val/F1-score", "f1", ("val",), "validation"),
        ("testAccuracy", "accuracy", ("test",), "test"),
        ("metrics.test_roc_auc", "auroc", ("test",), "test"),
        ("test_pr_auc", "auprc", ("test",), "test"),
        ("average_precision", "auprc", (), "test"),
        ("train_loss", "score", ("train",), "train"),
        ("balanced_accuracy", "score", (), "test"),
        ("mean absolute error", "score", (), "test"),
        ("word_error_rate", "error", ("word",), "test"),
        ("summary/best_dev_acc", "accuracy", ("best", "dev"), "validation"),
        ("F1 (macro)", "f1", ("macro",), "test"),
        # An error is a share of what was predicted, or a distance.
        ("test_error", "error", ("test",), "test"),
        ("top1_error", "error", (), "test"),
        ("rotation_error", "score", ("rotation",), "test"),
        ("val/pose_error_deg", "score", ("deg", "pose", "val"), "validation"),
        ("root_mean_squared_error", "score", (), "test"),
        ("value", "score", ("value",), "test"),
        ("val", "score", ("val",), "validation"),
        ("valacc", "accuracy", ("val",), "validation"),
    ],
)
def test_metrics(column, kind, group, split):
    name = read_name(column)
    assert (name.role, name.kind, name.group, name.split) == ("metric", kind, group, split)


@pytest.mark.parametrize(
    ("role", "columns"),
    [
        (
            "setting",
            ["learning_rate", "loss_weight", "label_smoothing", "batch_size", "num_epochs"],
        ),
        (
            "setting",
            ["config.lr", "warmup_steps", "grad_clip", "sample_rate", "mapping", "trainable"],
        ),
        ("aside", ["sweep", "Name", "run_id", "created_at", "start_time", "best_epoch", "_step"]),
        ("aside", ["tags.mlflow.user", "f1_std", "ood_floor_f1", "artifact_uri", "epochs_run"]),
        ("aside", ["n_params", "data_path", "Runtime", "Git commit", "model_hash", "f1_gap"]),
        ("training", ["train_positive", "train_negative", "training_set", "train_size"]),
        ("count", ["tp", "ood_tn", "true_positives", "falsePositive"]),
        ("setting", ["params_optimizer", "lora_rank", "args.width", "user_attrs_seed"]),
        ("aside", ["number", "datetime_start", "tags.host"]),
        ("threshold", ["threshold", "val_thresh", "archived_threshold"]),
    ],
)
def test_roles(role, columns):
    assert {column: read_name(column).role for column in columns} == dict.fromkeys(columns, role)


def test_counts_by_either_name():
    names = [read_name(c) for c in ("true_positives", "fp", "false_negative", "TN")]
    assert [n.kind for n in names] == ["tp", "fp", "fn", "tn"]
    assert read_name("tp_ood").group == read_name("ood_tp").group


@pytest.mark.parametrize(
    ("column", "lower"),
    [
        ("val_loss", True),
        ("WER", True),
        ("mean_absolute_error", True),
        ("f1", False),
        *((name, True) for name in ("val_ece", "test_brier", "test_crps", "val_bpb", "test_mape")),
        *((name, True) for name in ("lpips", "latency_ms", "RMSETest", "EnergyScoreTest")),
        *((name, True) for name in ("RMSE", "rmse_test", "testRMSE", "RMSEtest", "NRMSE", "Rmse")),
        *((name, True) for name in ("root_mean_squared_error", "valloss", "log_loss", "test_PPL")),
        *((name, True) for name in ("rotation_error", "bits_per_byte", "steps_to_converge")),
        ("energy_efficiency_acc", False),
        *((name, False) for name in ("win_rate", "testAcc", "psnr", "throughput")),
    ],
)
def test_what_is_better(column, lower):
    assert read_name(column).lower_is_better is lower


def test_slices_narrow_an_evaluation_and_splits_do_not():
    assert is_slice(("archived", "ood"), ("ood",))
    assert not is_slice(("ood", "test"), ("test",))
    assert not is_slice(("ood",), ()) and not is_slice(("ood",), ("ood",))


def test_labels():
    assert read_name("metrics.ood_f1").label == "OOD F1"
    assert read_name("%").label == "%"
