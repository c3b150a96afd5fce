"""What is known to be wrong with the archived write-ups is found from their transcribed tables.

The numbers were worked out apart from this code: by hand, and in R where a comment says so.
"""

import pytest

from uphold.archive.finding import Finding
from uphold.archive.rows import Spread


def numbers(decision, check: int = 0) -> dict[str, float]:
    return dict(decision.findings[check].numbers)


def test_stage_2_means_and_gaps(decided):
    found = decided("calls", "stage2")
    assert found["iid-mean"].verdict == "contradicted"
    # R: x=c(.72,.71,.55,.59,.66); mean(x); sd(x)
    assert numbers(found["iid-mean"]) == pytest.approx({"mean": 0.646, "sd": 0.0743640}, abs=1e-6)
    assert found["iid-trailed"].verdict == "contradicted"
    gaps = [v for k, v in numbers(found["iid-trailed"]).items() if k.startswith("gap")]
    assert gaps == pytest.approx([0.09, 0.07, 0.17, 0.12, 0.03])


def test_stage_2_compares_levels_that_no_row_shows(decided):
    found = decided("calls", "stage2")
    for name in ("smoothing-lifts", "focal-recall", "focal-worst", "stable-anchors"):
        assert found[name].verdict == "not shown", name
    assert "No row shows Label Smoothing off" in found["smoothing-lifts"].text
    assert "0.02 to 0.11" in found["smoothing-lifts"].text
    assert "Hidden Units 1024, LR 1e-3" in found["stable-anchors"].text


def test_stage_2_mixup_goes_both_ways(decided):
    decision = decided("calls", "stage2")["mixup-with-smoothing"]
    assert decision.verdict == "contradicted"
    effects = [numbers(decision)[f"difference.{i}"] for i in (1, 2)]
    assert effects == pytest.approx([-0.09, 0.09])
    assert "−0.090 at Hidden Units 512, LR 1e-3" in decision.text
    assert "+0.090 at Hidden Units 512, LR 5e-4" in decision.text


def test_stage_2_learning_rate_is_within_noise(decided):
    decision = decided("calls", "stage2")["faster-rate"]
    assert decision.verdict == "not shown"
    # R: a=.11^2/3; b=.02^2/3; df=(a+b)^2*2/(a^2+b^2); 2*pt(-.12/sqrt(a+b), df)
    assert numbers(decision)["difference.1"] == pytest.approx(0.12)
    assert numbers(decision)["p.1"] == pytest.approx(0.1962, abs=1e-4)


def test_stage_2_the_wide_network_s_sd_is_inside_the_range(decided):
    decision = decided("calls", "stage2")["capacity-no-gain"]
    assert decision.verdict == "not shown"
    spread = numbers(decision, 1)
    assert spread["from.low"] < spread["to.low"] == spread["to.high"] < spread["from.high"]
    assert (spread["from.low"], spread["to.low"], spread["from.high"]) == (0.02, 0.07, 0.11)


def test_stage_2_what_holds(decided):
    found = decided("calls", "stage2")
    held = {name for name, d in found.items() if d.verdict == "supported"}
    assert held == {"f1-from-precision-and-recall", "best-combined"}


def test_stage_2_the_best_row_leads_by_noise(decided):
    decision = decided("calls", "stage2")["best-overall"]
    assert decision.verdict == "not shown"
    # R: a=.09^2/3; b=.02^2/3; df=(a+b)^2*2/(a^2+b^2); 2*pt(-.03/sqrt(a+b), df)
    assert numbers(decision)["lead"] == pytest.approx(0.03)
    assert numbers(decision)["p"] == pytest.approx(0.6252665, abs=1e-4)


def test_stage_3_a_null_result_without_power(decided):
    found = decided("calls", "stage3")
    decision = found["no-differences"]
    assert decision.verdict == "not shown" and "No equivalence was tested" in decision.text
    # R: see test_designs
    assert numbers(decision)["detectable"] == pytest.approx(0.16, abs=0.002)
    for name in ("linear-precision", "high-ratios"):
        assert found[name].verdict == "not shown"
    assert "about precision; the number it quotes is of F1" in found["linear-precision"].text
    assert "own analysis of variance found none" in found["linear-precision"].text


def test_stage_3_upsampling_added_nothing(decided):
    decision = decided("calls", "stage3")["duplicated"]
    assert decision.verdict == "contradicted"
    assert numbers(decision) == {"ratios": 11, "adding": 0}


def test_stage_3_freezes_another_row_than_the_best(decided):
    decision = decided("calls", "stage3")["best-checkpoint"]
    assert decision.verdict == "contradicted"
    assert "0.81 ± 0.02 with LR 1e-3, Mixup off" in decision.text


def test_radio_prints_one_quantity_twice(decided):
    found = decided("radio", "ablation")
    assert "‘0.16485’" in found["a4-low"].text and "‘0.1656’" in found["a4-low"].text
    assert "‘0.6719’ and ‘0.6723’" in found["a4-mid"].text
    assert "−0.54 pp in one place and −0.62 pp in another" in found["low-regressed"].text
    assert "+1.15 pp in one place and +1.19 pp in another" in found["mid-gained"].text
    assert "0.63933" in found["best-epoch-a4"].text
    for name in ("a4-low", "a4-mid", "low-regressed", "mid-gained", "best-epoch-a4"):
        assert found[name].verdict == "contradicted", name


def test_radio_bands_do_not_cancel(decided):
    decision = decided("radio", "ablation")["canceled-out"]
    assert decision.verdict == "contradicted"
    # (5 × −.0062 + 6 × .0115 + 11 × −.0015) / 26
    assert numbers(decision)["bands"] == pytest.approx(0.000827, abs=1e-6)
    assert numbers(decision)["missing"] == pytest.approx(-0.001227, abs=1e-6)
    assert "from −20, −18, −16, 8" in decision.text
    assert numbers(decision, 1)["settings"] == 5


def test_radio_mixup_figures(decided):
    found = decided("radio", "ablation")
    for name, value in {"blended": 0.1336, "near-pure": 0.6734, "strength": 0.1012}.items():
        assert found[name].verdict == "supported"
        assert numbers(found[name])["value"] == pytest.approx(value, abs=5e-5)
    assert found["third-of-batches"].verdict == "contradicted"
    assert numbers(found["third-of-batches"])["value"] == pytest.approx(0.16, abs=0.005)


def test_radio_states_its_criterion_over_one_of_two_prints(decided):
    decision = decided("radio", "ablation")["run1-low"]
    assert decision.verdict == "contradicted"
    # .1748 − .1648 and .1748 − .1656
    assert "+1.00 pp in one place and +0.92 pp in another" in decision.text


def test_multitask_measures_nothing(decided):
    found = decided("multitask", "upgrade")
    assert numbers(found["combined"]) == pytest.approx({"low": 0.05, "high": 0.13})
    assert found["combined"].verdict == "not shown"
    assert numbers(found["fallback"])["fallback"] == pytest.approx(0.25)
    assert found["fallback"].verdict == "contradicted"
    assert {d.verdict for name, d in found.items() if name not in ("combined", "fallback")} == {
        "undecidable"
    }


def test_speech_contradicts_itself(decided):
    found = decided("speech", "macro-f1")
    assert "‘0.732’ and ‘0.532’" in found["baseline"].text
    assert numbers(found["specaugment"])["difference.1"] == pytest.approx(-0.023)
    assert "epochs 15" in found["specaugment"].text
    assert found["specaugment"].findings[1].verdict == "not shown"  # no control of 30 epochs
    for name in ("baseline", "specaugment", "focal-recommended", "batch-norm-default"):
        assert found[name].verdict == "contradicted", name
    # .661 - .554, one run each: a rise, and not one that noise can be told from.
    assert numbers(found["train-longer"])["difference.1"] == pytest.approx(0.107)
    assert found["train-longer"].findings[0].verdict == "not shown"
    assert "‘advised’ and ‘overfitting’" in found["train-longer"].text


def test_a_changed_table_changes_the_verdict(tables):
    """The verdicts come from the cells: nothing but the cells differs between these two."""
    asked = Spread(
        table="runs",
        column="f1",
        factor="mixup",
        from_level="off",
        to_level="on",
        stated="increase",
    )
    wider = tables["runs"].model_copy(
        update={"cells": tables["runs"].cells.replace("0.02", "0.50")}
    )
    before, after = (asked({"runs": t}) for t in (tables["runs"], wider))
    assert isinstance(before, Finding) and before != after
