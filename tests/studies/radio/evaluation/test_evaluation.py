import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from studies.radio import evaluation
from studies.radio.evaluation import Truth
from studies.radio.scores import BY_ITEM, SCORES, SLICES
from studies.radio.settings.evaluation import Evaluation

# Nine frames, one an SNR: two low, three mid, two high, and −20 and 8 dB in no band.
SNR = np.array([-20.0, -14, -6, -4, 0, 6, 8, 10, 30])
LABEL = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2])
HIT = np.array([0, 0, 1, 1, 1, 0, 1, 1, 1], dtype=bool)
BANDS = Evaluation()


@pytest.fixture
def truth() -> Truth:
    return Truth(["OOK", "BPSK", "FM"], {"validation": LABEL[:4], "test": LABEL}, {"test": SNR})


@pytest.fixture
def predictions() -> dict:
    named = np.where(HIT, LABEL, (LABEL + 1) % 3)
    logits = 5 * np.eye(3, dtype=np.float32)[named]
    return {"validation": logits[:4], "test": logits}


def test_accuracies_of_the_slices(truth, predictions):
    scores = evaluation.score(predictions, truth, BANDS)
    assert tuple(scores) == SCORES
    assert scores["accuracy"] == pytest.approx(6 / 9)
    wanted = {"low": (1, 2), "mid": (2, 3), "high": (2, 2), "uncovered": (1, 2)}
    for name, (hits, items) in wanted.items():
        assert scores[f"items_{name}"] == items
        assert scores[f"accuracy_{name}"] == pytest.approx(hits / items)
    assert scores["validation_accuracy"] == 0.5 and scores["validation_items"] == 4


def test_hits_of_the_slices_add_up_to_the_whole(truth, predictions):
    scores = evaluation.score(predictions, truth, BANDS)
    hits = sum(scores[f"accuracy_{name}"] * scores[f"items_{name}"] for name in SLICES)
    assert hits == pytest.approx(scores["accuracy"] * scores["items"])
    assert sum(scores[f"items_{name}"] for name in SLICES) == scores["items"] == 9


def test_a_band_leads_another_by_the_difference_of_their_accuracies(truth, predictions):
    scores = evaluation.score(predictions, truth, BANDS)
    assert scores["accuracy_mid_less_low"] == pytest.approx(2 / 3 - 1 / 2)
    assert scores["accuracy_mid_less_high"] == pytest.approx(2 / 3 - 1)


def test_frames_add_up_to_the_scores(truth, predictions):
    told = predictions | {"test_denoising": np.arange(9.0)}
    items = evaluation.items(told, truth, BANDS)
    scores = evaluation.score(told, truth, BANDS)
    assert set(items) == set(BY_ITEM)
    for name in BY_ITEM:
        if np.isnan(scores[name]):
            assert np.isnan(items[name]).all()
        else:
            assert np.nanmean(items[name]) == pytest.approx(scores[name]), name
    assert np.flatnonzero(~np.isnan(items["accuracy_low"])).tolist() == [1, 2]


def test_frames_are_grouped_by_class_and_snr():
    snr = np.array([0.0, 0, 2, 2, 0])
    told = Truth(["OOK", "BPSK"], {"test": np.array([0, 0, 0, 1, 1])}, {"test": snr})
    groups = evaluation.groups(told)
    assert groups[0] == groups[1]
    assert len(set(groups.tolist())) == 4


def test_another_edge_moves_a_frame_into_another_slice(truth, predictions):
    wider = Evaluation(bands={"low": (-20, -6), "mid": (-4, 8), "high": (10, 99)})
    scores = evaluation.score(predictions, truth, wider)
    assert scores["items_uncovered"] == 0 and np.isnan(scores["accuracy_uncovered"])
    assert scores["accuracy_low"] == pytest.approx(1 / 3)
    assert scores["accuracy_mid"] == pytest.approx(3 / 4)


@pytest.mark.parametrize(
    "bands",
    [
        {"low": (-14, -4), "mid": (-4, 6), "high": (10, 99)},
        {"low": (-14, -6), "mid": (-4, 6)},
        {"low": (-6, -14), "mid": (-4, 6), "high": (10, 99)},
    ],
    ids=["overlap", "missing", "descending"],
)
def test_bands_that_are_no_bands_are_refused(bands):
    with pytest.raises(ValueError, match=r"overlap|lacks high|lowest value"):
        Evaluation(bands=bands)


def test_noise_error_is_in_decibels(truth, predictions):
    # The SNR is −10 / ln 10 times the log odds: estimates that are 3 dB too low, then 1 too high.
    answer = np.where(SNR < 0, SNR - 3, SNR + 1)
    given = predictions | {"test_noise": (answer * -np.log(10) / 10).astype(np.float32)}
    scores = evaluation.score(given, truth, BANDS)
    assert scores["noise_error_low"] == pytest.approx(3, abs=1e-4)
    assert scores["noise_error_high"] == pytest.approx(1, abs=1e-4)
    assert scores["noise_error"] == pytest.approx((4 * 3 + 5 * 1) / 9, abs=1e-4)


def test_what_a_run_does_not_have_is_undefined(truth, predictions):
    scores = evaluation.score(predictions, truth, BANDS)
    undefined = {name for name, value in scores.items() if np.isnan(value)}
    parts = ("noise_error", "denoising")
    assert undefined == {n for p in parts for n in (p, *(f"{p}_{s}" for s in SLICES))}


def test_the_denoisers_gain_is_averaged_by_slice(truth, predictions):
    given = predictions | {"test_denoising": np.arange(9, dtype=np.float32)}
    scores = evaluation.score(given, truth, BANDS)
    assert scores["denoising"] == 4 and scores["denoising_low"] == 1.5
    assert scores["denoising_uncovered"] == 3


def test_curves_tell_each_snr_with_its_wilson_interval(truth, predictions):
    doubled = Truth(truth.classes, {k: np.tile(v, 5) for k, v in truth.label.items()}, {})
    doubled = Truth(doubled.classes, doubled.label, {"test": np.tile(SNR, 5)})
    given = {name: np.tile(array, (5, 1)) for name, array in predictions.items()}
    answer = evaluation.curves(given, doubled, BANDS)
    assert list(answer.columns) == ["split", "metric", "x", "y"]
    at = answer[answer["x"] == 30].set_index("metric")["y"]
    assert at["accuracy"] == 1 and np.isnan(at["noise_error"])
    # R: prop.test(5, 5, correct = FALSE)$conf.int gives 0.5655175 1.0000000
    assert at["accuracy_lower"] == pytest.approx(0.5655175, abs=1e-6)
    assert at["accuracy_upper"] == 1
    assert sorted(answer["x"].unique()) == sorted(SNR)


def test_confusions_by_slice(truth, predictions):
    answer = evaluation.confusions(predictions, truth, BANDS)
    assert set(answer["split"]) == set(SLICES)
    assert answer["count"].sum() == len(SNR)
    low = answer[(answer["split"] == "low") & (answer["count"] > 0)]
    # −14 dB: BPSK taken for FM; −6 dB: FM taken for FM.
    assert sorted(zip(low["truth"], low["predicted"], strict=True)) == [
        ("BPSK", "FM"),
        ("FM", "FM"),
    ]


def test_truth_is_read_from_the_prepared_data(tmp_path):
    tensors = {}
    for split in ("train", "validation", "test"):
        tensors[f"{split}/iq"] = np.zeros((9, 2, 4), np.float32)
        tensors[f"{split}/label"] = LABEL
        tensors[f"{split}/snr"] = SNR.astype(np.float32)
    save_file(tensors, tmp_path / "frames.safetensors")
    (tmp_path / "card.json").write_text(json.dumps({"classes": ["OOK", "BPSK", "FM"]}))
    truth = evaluation.load(tmp_path)
    assert truth.classes == ["OOK", "BPSK", "FM"]
    np.testing.assert_array_equal(truth.snr["test"], SNR)
    np.testing.assert_array_equal(truth.label["validation"], LABEL)
