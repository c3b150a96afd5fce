"""What the radio write-up alone shows: frames, bands, mixing, commands and next steps."""

import json
from pathlib import Path

import pandas as pd
import pytest

from studies.radio.page import (
    bands,
    commands,
    epochs,
    every,
    frames,
    mixing,
    next_steps,
    printed,
    recommendations,
)
from studies.radio.study import STUDY
from uphold.analysis.model.estimates import Metric
from uphold.analysis.model.writeup import Claim, Writeup
from uphold.errors import InputError
from uphold.format import use_names
from uphold.pages.writeup import Page, Sweep
from uphold.pipeline.judged import judged
from uphold.pipeline.params import load

from ....partly import partly

ROOT = Path(__file__).parents[4]
METRIC = {"kind": "accuracy", "label": "accuracy", "margin": 0.01}
MIXING = {"mixup_probability": 0.5, "mixup_min_snr": None}
ARMS = {"A4": {**MIXING, "mixup": "all-losses"}, "run 2": {"mixup": "classifier-only",
        "mixup_probability": 0.25, "mixup_min_snr": 6}}  # fmt: skip


LATER = ("a5b-beats-a3", "preservation-low", "aim-low")
PRINTED = {"Run": "A4", "Val Acc": "0.6393", "Low-SNR": "0.16", "Mid-SNR": "–", "High-SNR": "0.9"}


def sentence(number: float, *claims: str) -> dict:
    found = {"says": "Says ~33%", "verdict": "contradicted", "claims": list(claims)}
    return found | {"numbers": [{"value": number, "alpha": 0.2}]}


def claim(verdict: str, fragile: bool = False, seeds: int | None = 9) -> Claim:
    outcome = {"value": 0.01, "ci_low": 0.0, "ci_high": 0.02, "seeds": 3}
    found = {"says": "It does.", "verdict": verdict, "fragile": fragile}
    found["seeds_needed"] = seeds and {"low": seeds, "high": 2 * seeds}
    return partly(Claim, found | {"metric": "accuracy", "sweep": "mixup", "outcome": outcome})


def sweep_of(arms: dict) -> dict:
    levels = {"arm": list(arms)}
    means = {
        name: {"mean": 0.5 + i / 10, "sd": 0.01, "n": 3, "seeds": 3}
        for i, name in enumerate(bands.COVERED)
    }
    configurations = [
        {"configuration": f"arm={a}", "levels": {"arm": a}, "metrics": means} for a in arms
    ]
    design = {"kind": "listed", "levels": levels, "fixed": {"mixup_alpha": 0.2}}
    return {"design": design, "configurations": configurations}


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Return a function that gives a page all of whose claims have one verdict, some others."""

    def make(verdict: str = "supported", **claims: dict) -> Page:
        names = [name for rule in next_steps.MODULES.values() for name in rule]
        names += [name for run in next_steps.CRITERIA.values() for name in run]
        names += LATER
        sentences = {key: sentence(0.1) for key in ("blended", "strength")}
        sentences |= {"near-pure": sentence(0.6), "third-of-batches": sentence(0.2)}
        found = {
            **{
                "study": "radio",
                "names": STUDY.names,
                "primary": "accuracy",
                "metrics": dict.fromkeys(bands.BANDS, METRIC),
            },
            "data": {
                **{"classes": ["BPSK", "FM"], "snrs": [-20.0, -10.0, 6.0, 8.0], "samples": 128},
                **{"notes": ["All made up."], "snr_error_db": {"mean": 0.031, "largest": 0.1}},
                "splits": {"test": {"items": 4000}},
            },
            "evaluation": {"bands": {"low": [-14.0, -6.0], "high": [4.0, 99.0]}},
            "claims": {name: claim(verdict) for name in names} | claims,
            "archived": {"sentences": sentences, "tables": {"prior": [PRINTED]}},
            "sweeps": {"mixup": sweep_of(ARMS)},
        }
        folder = tmp_path / "results" / "page" / "sweeps" / "mixup"
        folder.mkdir(parents=True, exist_ok=True)
        runs = [{"configuration": f"arm={a}", "settings": json.dumps(s)} for a, s in ARMS.items()]
        pd.DataFrame(runs).to_csv(folder / "runs.csv", index=False)
        use_names(STUDY.names)
        return Page("page", tmp_path, partly(Writeup, found))

    return make


def cells(table) -> list[list[str]]:
    return table._tbl_data.to_numpy().tolist()


def test_the_frames_are_told_with_what_guessing_scores(page):
    text = frames.sentence(page())
    assert text.startswith(
        "2 classes (BPSK, FM) of 128 samples a frame, at 4 levels of SNR from −20"
    )
    assert "guessing scores 0.500." in text
    assert "off its label by 0.03 dB on average, at most by 0.10 dB. All made up." in text


@pytest.mark.parametrize(
    ("fewest", "most", "words"),
    [
        (160, 160, "Every SNR has 160 training frames. Balancing SNRs therefore meets no frame"),
        (100, 250, "An SNR has 100 to 250 training frames. Balanced sampling meets all SNRs equally"
                   " often, a frame of the rarest 2.5 times as often"),
    ],
)  # fmt: skip
def test_what_balancing_does_follows_from_the_counts(page, fewest, most, words):
    sweep = page().sweep("mixup")
    sweep.runs["fewest_at_an_snr"], sweep.runs["most_at_an_snr"] = fewest, most
    assert frames.balance(sweep).startswith(words)


HISTORY = {
    # −10 dB is the low band; 6 and 8 dB are the high one
    ("A4", 1): {-10: [0.1, 0.2], 6: [0.5, 0.7], 8: [0.7, 0.9]},
    ("A4", 2): {-10: [0.3, 0.4], 6: [0.5, 0.7], 8: [0.7, 0.9]},
    ("run 2", 1): {-10: [0.1, 0.8], 6: [0.1, 0.3], 8: [0.3, 0.5]},
}


def with_histories(one: Page) -> Sweep:
    sweep = one.sweep("mixup")
    rows = [
        {
            **{"configuration": f"arm={arm}", "seed": seed, "epoch": epoch + 1},
            **{f"validation_accuracy_{snr}dB": by_epoch[epoch] for snr, by_epoch in found.items()},
        }
        for (arm, seed), found in HISTORY.items()
        for epoch in (0, 1)
    ]
    pd.DataFrame(rows).to_csv(sweep.folder / "histories.csv", index=False)
    return sweep


@pytest.mark.parametrize(
    ("band", "a4", "run_2"), [("low", [0.2, 0.3], [0.1, 0.8]), ("high", [0.6, 0.8], [0.2, 0.4])]
)
def test_a_band_by_epoch_is_the_mean_over_its_snrs_and_seeds(page, band, a4, run_2):
    figure = epochs.of_band(with_histories(page()), band, ["A4", "run 2"])
    left, right = figure.axes
    assert [line.get_ydata().tolist() for line in left.lines[-2:]] == [
        pytest.approx(a4), pytest.approx(a4)]  # fmt: skip
    grey, own = (line.get_ydata().tolist() for line in right.lines[-2:])
    assert grey == pytest.approx(a4) and own == pytest.approx(run_2)
    assert len(left.lines) == 4 and len(right.lines) == 3  # runs, the first arm's mean, their own


@pytest.mark.parametrize(
    ("gains", "listed", "rising"),
    [
        ([1.0, 1.5, 2.0, 2.0], "+0.50 in A4", "in A4."),
        ([1.0, 1.5, 1.6, 1.7], "+0.20 in A4", "in none of them."),
        ([1.0, 1.5, 1.6, 1.0], "−0.50 in A4", "in none of them."),
    ],
)
def test_a_denoiser_that_still_gains_has_no_ceiling(page, gains, listed, rising):
    one = page()
    one.found.metrics["denoising"] = partly(Metric, METRIC | {"margin": 0.25})
    sweep = one.sweep("mixup")
    rows = {"configuration": "arm=A4", "epoch": [1, 2, 3, 4], epochs.DENOISING: gains}
    pd.DataFrame(rows).to_csv(sweep.folder / "histories.csv", index=False)
    said = epochs.ceiling(sweep, ["A4"])
    assert f"in dB, by {listed} (means" in said and said.endswith(rising)


def test_histories_of_before_are_to_be_made_again(page):
    sweep = page().sweep("mixup")
    pd.DataFrame({"epoch": [1]}).to_csv(sweep.folder / "histories.csv", index=False)
    with pytest.raises(InputError, match=r"no column 'validation_accuracy_-10dB'.*train@mixup"):
        epochs.of_band(sweep, "low", ["A4"])


def test_received_frames_have_no_measured_snr(page):
    one = page()
    del one.writeup.data["snr_error_db"]
    assert "measured SNR" not in frames.sentence(one)


def test_bands_end_where_the_data_do_and_the_rest_is_named(page):
    assert bands.spans(page()) == {"low": (-14, -6), "high": (4, 8.0)}
    assert bands.sentence(page()) == (
        "Bands of SNR, in dB, and in brackets their test frames: low −14 to −6 (1,000), high 4 to 8"
        " (2,000). No band holds −20 (1,000)."
    )


def test_a_band_beyond_the_data_is_none(page):
    one = page()
    one.found.data["snrs"] = [-14.0, -10.0]
    assert bands.sentence(one).endswith("test frames: low −14 to −10 (4,000).")


def test_what_is_really_mixed(page):
    one = page()
    rows = cells(mixing.shares(one, one.sweep("mixup")))
    # A weight is not nearly pure with 1 − .6; two of four levels of SNR pass a gate at 6 dB.
    assert rows == [
        ["A4", "all losses", "0.5", "–", "1", "0.2000", "0.2000"],
        ["run 2", "classifier only", "0.25", "6 dB", "0.5", "0.1000", "0.0500"],
    ]


def test_an_arm_without_mixup_mixes_nothing(page):
    one = page()
    sweep = one.sweep("mixup")
    sweep.runs["settings"] = [json.dumps({**s, "mixup": "none"}) for s in ARMS.values()]
    rows = cells(mixing.shares(one, sweep))
    assert [row[1:] for row in rows] == [["none", "–", "–", "–", "0", "0"]] * 2


def test_the_closed_form_holds_for_the_alpha_that_it_was_worked_out_for(page):
    one = page()
    one.found.sweeps["mixup"].design.fixed["mixup_alpha"] = 0.4
    assert [row[-2:] for row in cells(mixing.shares(one, one.sweep("mixup")))] == [["–", "–"]] * 2


def test_the_archived_runs_stand_beside_ours(page):
    one = page()
    assert cells(printed.table(one, one.sweep("mixup"))) == [
        ["A4", "0.6393 (0.500)", "0.16 (0.600)", "– (0.700)", "0.9 (0.800)"]
    ]


def test_weights_stand_beside_the_archived_ones(page):
    table = mixing.weights(page())
    assert table._tbl_data.columns[1] == "λ ~ Beta(0.2, 0.2)"
    assert [row[1] for row in cells(table)] == ["0.1000", "0.6000", "0.1000"]
    assert "with it the share is 0.200" in mixing.batches(page())


@pytest.mark.parametrize(
    ("verdict", "so"),
    [
        ("supported", ["do it", "do it", "keep", "keep it and try it at the next scale"]),
        ("refuted", ["do not: a criterion is missed"] * 2 + ["drop", "leave it out"]),
        ("inconclusive", ["repeat it with 9 seeds at least"] * 4),
    ],
)
def test_next_steps_follow_from_verdicts(page, verdict, so):
    rows = cells(next_steps.table(page(verdict)))
    assert [row[2][: len(text)] for row, text in zip(rows, so, strict=False)] == so
    assert len(rows) == 6


def test_a_step_without_effect_is_left_out(page):
    rows = cells(next_steps.table(page(**{"aim-low": claim("equivalent")})))
    assert rows[-1][1:] == [
        "■ no difference that matters",
        "leave it out: it changes nothing that matters",
    ]


def test_the_page_s_claims_are_made():
    claims = judged(load(ROOT), "radio-ablation").claims
    rules = [
        *next_steps.MODULES.values(),
        *next_steps.CRITERIA.values(),
        LATER,
        *(finding.claims for finding in recommendations.FINDINGS),
    ]
    assert {name for rule in rules for name in rule} <= set(claims)


def test_a_configuration_that_two_sweeps_have_is_one_row(page):
    one = page()
    one.found.sweeps["again"] = one.found.sweeps["mixup"]
    for name, keys in (("mixup", "ab"), ("again", "ac")):
        sweep = one.sweep(name)
        runs = pd.DataFrame(
            {"configuration": [f"arm={arm}" for arm in ARMS], "key": [*keys], "best_epoch": [4, 7]}
        )
        sweep.folder.mkdir(parents=True, exist_ok=True)
        runs.to_csv(sweep.folder / "runs.csv", index=False)
    table = every.scores(one, {"accuracy": "overall"}, {"best_epoch": "best epoch"})
    assert [[row[0], row[2]] for row in cells(table)] == [
        ["A4", "4"], ["run 2", "7"], ["run 2", "7"]
    ]  # fmt: skip
    assert list(table._tbl_data.columns) == ["configuration", "overall", "best epoch", "runs"]


def test_epochs_of_several_runs_are_a_range(page):
    one = page()
    runs = pd.DataFrame(
        {"configuration": ["arm=A4", "arm=A4", "arm=run 2"], "key": [*"abc"], "best": [9, 12, 3]}
    )
    runs.to_csv(one.sweep("mixup").folder / "runs.csv", index=False)
    rows = cells(every.scores(one, {"accuracy": "overall"}, {"best": "best"}))
    assert [row[2] for row in rows] == ["9 to 12", "3"]


def test_commands_name_each_configuration_and_its_archived_options(page):
    one = page()
    runs = one.sweep("mixup").runs
    runs.assign(key=[*"ab"]).to_csv(one.sweep("mixup").folder / "runs.csv", index=False)
    assert cells(commands.names(one)) == [["mixup", "arm=A4  'arm=run 2'"]]
    assert cells(commands.archived(one.sweep("mixup"))) == [
        ["A4", "--mixup-alpha 0.2 --mixup-prob 0.5 --mixup-all-losses"],
        ["run 2", "--mixup-alpha 0.2 --mixup-prob 0.25 --mixup-snr-min 6 --mixup-cls-only"],
    ]


def test_an_arm_that_does_not_mix_has_no_archived_options(page):
    sweep = page().sweep("mixup")
    sweep.runs["settings"] = [json.dumps({**s, "mixup": "none"}) for s in ARMS.values()]
    assert cells(commands.archived(sweep)) == []
