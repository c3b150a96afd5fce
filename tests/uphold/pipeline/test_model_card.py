"""What a model's card says, by what is known of its run and its data."""

from dataclasses import replace

import pytest

from uphold.claims.metric import Metric
from uphold.pipeline.exported import Model, Origin
from uphold.pipeline.model_card import Facts, Fresh, text
from uphold.pipeline.study import find

from ..analysis.promoted import PROMOTED

ORIGIN = Origin(
    key="k" * 32,
    code="c" * 64,
    data="d" * 64,
    torch="2.9.0",
    arithmetic="avx2",
    uphold="0.1.0",
    trained="2026-01-01T00:00:00+00:00",
    device="cpu",
)
MODEL = Model(
    study="calls",
    settings={},
    seed=3,
    data={},
    labels=["frog", "toad"],
    threshold=0.35,
    shape=[1024],
    origin=ORIGIN,
)


@pytest.fixture
def facts():
    scores = {"ood_f1": 0.51234, "f1_gap": 0.2, "validation_f1": 0.8, "iid_f1": float("nan")}
    return Facts(
        model=MODEL,
        study=find("calls"),
        sweep="stage",
        run="mixup=true, seed=3",
        among=0,
        promotion=None,
        fresh=None,
        scale="smoke",
        even=0.5,
        card={"source": "folder", "splits": {"ood": {"items": 7}}, "decisions": ["Drawn here."]},
        scores=scores,
        metrics={
            name: Metric(label=name.replace("_", " "), better="higher", margin=0.1)
            for name in scores
        },
        splits=["validation", "iid", "ood"],
        compared=40,
        difference=0.0,
    )


def test_scores_stand_with_their_split_and_what_is_undefined_is_left_out(facts):
    said = text(facts, {"model.json": "e" * 64})
    assert "| ood f1 | ood | 0.512 |" in said
    assert "| f1 gap | test | 0.200 |" in said
    assert "| validation f1 | validation | 0.800 |" in said
    assert "iid f1" not in said


def test_what_the_model_is_and_where_it_comes_from_is_said(facts):
    said = text(facts, {"model.json": "e" * 64})
    for part in (
        "Labels: frog, toad",
        "Threshold: 0.35",
        "Run: mixup=true, seed=3, of the sweep `stage` (study `calls`)",
        "Source: folder",
        "OOD: items 7",
        "- Drawn here.",
        "predicted 40 prepared clips as the run had done, bit for bit",
        *(ORIGIN.key, ORIGIN.code, ORIGIN.data, ORIGIN.torch, "e" * 64),
    ):
        assert part in said
    rounded = text(replace(facts, difference=0.00123), {})
    assert "up to 0.0012" in rounded and "bit for bit" not in rounded


def test_synthetic_data_are_named_as_such_and_real_ones_are_not(facts):
    assert "synthetic" not in text(facts, {})
    made = text(replace(facts, card={"source": "synthetic"}), {})
    assert made.startswith("# Call detection: a model trained on synthetic data")
    assert "**Real clips.** A program made the data" in made


def test_what_was_chosen_says_what_flatters_it(facts):
    assert "promoted" not in text(facts, {})
    fresh = Fresh("ood f1", [0.5, 0.6, 0.7])
    promotion = PROMOTED.model_copy(update={"configurations": 32, "stable": 32})
    chosen = text(replace(facts, promotion=promotion, fresh=fresh, among=8), {})
    assert "the best of 32 by mean validation F1: its validation scores flatter" in chosen
    assert "On 3 fresh seeds, which chose nothing, ood f1 was 0.600 ± 0.100" in chosen
    assert "Of its 8 seeds the one with the best validation score" in chosen
    assert "fresh" not in text(replace(facts, promotion=promotion), {})


def test_what_validation_data_chose_is_named_and_nothing_else(facts):
    assert "chose its threshold. Its weights" not in text(facts, {})
    last = text(replace(facts, epoch=12, epochs=12), {})
    assert "\nValidation data chose its threshold. Its weights are those of the last of 12" in last
    best = text(replace(facts, epoch=9, epochs=12, promotion=PROMOTED, among=3), {})
    assert (
        "\nValidation data chose its epoch (9 of 12), threshold, configuration and seed.\n" in best
    )
    bare = MODEL.model_copy(update={"threshold": None})
    assert "Validation data" not in text(replace(facts, model=bare), {})


def test_the_only_stable_one_is_not_called_the_best_and_its_place_and_the_floor_are_told(facts):
    few = {"configurations": 32, "stable": 1, "mean": 0.409, "rank": 32, "best": 0.725}
    promotion = PROMOTED.model_copy(update={**few, "floor": 0.4})
    said = text(replace(facts, promotion=promotion), {})
    assert "promoted this configuration, the only one of 32 configurations that was stable" in said
    assert "flatter" not in said
    assert (
        "it is number 32 of 32. The best mean, of one that is not stable, is 0.725: 0.316" in said
    )
    assert "One answer for every item scores 0.400, and it is not more than 0.1 better" in said


def test_a_threshold_is_of_one_label_where_there_are_several(facts):
    assert "- Threshold: 0.35" in text(facts, {})
    said = text(replace(facts, card=facts.card | {"positive": "frog"}), {})
    assert "- Threshold of `frog` alone: 0.35, chosen on validation data." in said
    assert "has the other labels whose scores reach 0.5, which no data chose." in said


def test_scale_and_epochs_are_said_and_what_data_without_splits_hold(facts):
    model = MODEL.model_copy(update={"settings": {"epochs": 2}})
    used = {"noun": "clip", "used": 95, "of": 1440, "at_most": 95}
    card = {"source": "ravdess", "clips": 95, "actors": [1, 2], "labels": {"sad": 90}, "used": used}
    said = text(replace(facts, model=model, card=card), {})
    assert "- Trained for 2 epochs at the scale `smoke`" in said
    assert "- Clips: 95\n- Actors: 1, 2\n- Labels: sad 90\n- 95 of 1,440 clips were used" in said


def test_heads_have_their_own_labels_and_a_run_may_be_known_by_its_key_alone(facts):
    model = MODEL.model_copy(update={"labels": {"a": ["x"], "b": ["y", "z"]}, "threshold": None})
    said = text(replace(facts, model=model, run="", sweep=""), {})
    assert "- Labels of head a: x\n- Labels of head b: y, z" in said
    assert "Threshold" not in said
    assert "seed 3 of the study `calls`; its sweep is unknown" in said
