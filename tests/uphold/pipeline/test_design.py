"""Factors, levels and arms → the distinct runs, and keys that mean what they should."""

from collections import Counter

import pytest

from studies.calls.settings.run import CallsRun
from uphold.errors import InputError
from uphold.pipeline.design import LONGEST_ARM, Design, key, lay_out
from uphold.pipeline.taken_looks import by_look
from uphold.validation import validated

WHERE = "a.yaml: sweeps.sweep.design"
DIGESTS = {"data": "d", "code": "c", "torch": "2.13.0", "arithmetic": "avx2"}


def runs(promoted=None, defaults=None, **design):
    design = validated(Design, {"seeds": [1, 2], **design}, WHERE)
    return lay_out(design, CallsRun, defaults or {}, promoted or {}, WHERE)


def keys(*args, **kwargs):
    return {key("calls", run, **DIGESTS) for run in runs(*args, **kwargs)}


def test_a_grid_crosses_all_factors_and_seeds():
    found = runs(factors={"hidden_units": [0, 8], "mixup": [False, True]})
    assert [r.name for r in found] == [
        "hidden_units=0, mixup=false, seed=1",
        "hidden_units=0, mixup=false, seed=2",
        "hidden_units=0, mixup=true, seed=1",
        "hidden_units=0, mixup=true, seed=2",
        "hidden_units=8, mixup=false, seed=1",
        "hidden_units=8, mixup=false, seed=2",
        "hidden_units=8, mixup=true, seed=1",
        "hidden_units=8, mixup=true, seed=2",
    ]


def test_a_setting_without_effect_makes_no_second_run_and_is_no_level():
    found = runs(factors={"upsampling_ratio": [0, 0.5], "upsampling_mode": ["repeat", "linear"]})
    assert [r.configuration for r in found if r.seed == 1] == [
        "upsampling_ratio=0",
        "upsampling_ratio=0.5, upsampling_mode=linear",
        "upsampling_ratio=0.5, upsampling_mode=repeat",
    ]


def test_one_way_moves_one_factor_at_a_time():
    found = runs(
        kind="one-way", seeds=[1], factors={"hidden_units": [8, 16], "dropout": [0.1, 0.2, 0.3]}
    )
    assert [(r.settings.hidden_units, r.settings.dropout) for r in found] == [
        (16, 0.1),
        (8, 0.1),
        (8, 0.2),
        (8, 0.3),
    ]


def test_one_way_rests_at_the_anchors():
    found = runs(
        kind="one-way",
        seeds=[1],
        factors={"hidden_units": [8, 16], "dropout": [0.1, 0.2]},
        anchors={"dropout": 0.2},
    )
    assert [(r.settings.hidden_units, r.settings.dropout) for r in found] == [
        (16, 0.2),
        (8, 0.1),
        (8, 0.2),
    ]


def test_a_ladder_adds_and_a_list_does_not():
    arms = {"A0": {}, "A1": {"mixup": True}, "A2": {"dropout": 0.5}}
    ladder = {r.levels["arm"]: r.settings for r in runs(kind="ladder", seeds=[1], arms=arms)}
    listed = {r.levels["arm"]: r.settings for r in runs(kind="listed", seeds=[1], arms=arms)}
    assert (ladder["A2"].mixup, ladder["A2"].dropout) == (True, 0.5)
    assert (listed["A2"].mixup, listed["A2"].dropout) == (False, 0.5)


def test_the_nearer_setting_wins():
    (run,) = runs(
        defaults={"dropout": 0.1, "batch_size": 8, "learning_rate": 0.1},
        promoted={"dropout": 0.2, "learning_rate": 0.2},
        anchors={"learning_rate": 0.3},
        factors={"hidden_units": [8]},
        seeds=[1],
    )
    assert (run.settings.batch_size, run.settings.dropout) == (8, 0.2)
    assert run.settings.learning_rate == 0.3
    assert run.chosen == {"dropout": 0.2, "learning_rate": 0.3, "hidden_units": 8}


def test_order_has_no_influence_on_keys():
    forward = keys(factors={"hidden_units": [8, 16], "mixup": [False, True]}, seeds=[1, 2])
    backward = keys(factors={"mixup": [True, False], "hidden_units": [16, 8]}, seeds=[2, 1])
    assert forward == backward
    assert len(forward) == 8


def test_what_has_no_effect_has_no_part_in_the_key():
    off = {"factors": {"mixup": [False]}}
    on = {"factors": {"mixup": [True]}}
    assert keys(anchors={"mixup_alpha": 0.3}, **off) == keys(anchors={"mixup_alpha": 0.4}, **off)
    assert keys(anchors={"mixup_alpha": 0.3}, **on) != keys(anchors={"mixup_alpha": 0.4}, **on)


@pytest.mark.parametrize("ingredient", DIGESTS)
def test_each_ingredient_has_a_part_in_the_key(ingredient):
    (run,) = runs(factors={"hidden_units": [8]}, seeds=[1])
    assert key("calls", run, **DIGESTS) != key("calls", run, **{**DIGESTS, ingredient: "other"})


def test_the_seed_has_a_part_in_the_key():
    assert len(keys(factors={"hidden_units": [8]}, seeds=[1, 2, 3])) == 3


@pytest.mark.parametrize(
    ("design", "answer"),
    [
        ({"factors": {"hidden_unit": [8]}}, "Did you mean 'hidden_units'?"),
        ({"factors": {"dropout": [0.1, 1.5]}}, "sweeps.sweep.design: dropout is 1.5"),
        ({"factors": {"upsampling_mode": ["smoot"]}, "anchors": {"upsampling_ratio": 1}}, "smoot"),
        ({"factors": {"hidden_units": [8, 16, 8]}}, "factors.hidden_units has 8 more than once"),
        ({"factors": {"dropout": [0, 0.0]}}, "factors.dropout has 0 more than once"),
        ({"factors": {"mixup": [True]}, "seeds": [2, 1, 2]}, "seeds: 'values' has 2 more than"),
        (
            {"factors": {"mixup": [True]}, "anchors": {"mixup": False}},
            "anchors has mixup, which the grid varies",
        ),
        ({"arms": {"A0": {}}}, "it needs 'factors'"),
        (
            {"kind": "listed", "arms": {"plain": {}, "mixed": {"mixup": False}}},
            "'plain' and 'mixed' are the same run",
        ),
        ({"factors": {"mixup": [True]}, "members": [3]}, "members is [3]: it needs 1"),
        ({"factors": {"mixup": [True]}, "seeds": [1, 2], "members": [1, 3]}, "no ensemble of"),
        ({"kind": "ladder", "factors": {"mixup": [True]}}, "it needs 'arms'"),
    ],
)
def test_what_does_not_fit_is_named(design, answer):
    with pytest.raises(InputError, match=r"sweeps\.sweep") as error:
        runs(**design)
    assert answer in str(error.value)


SWITCH = {"factors": {"mixup": [False, True]}, "seeds": [5, 3, 9, 1], "looks": [2, 3, 4]}


def seeds_of(**design) -> dict[str, list[int]]:
    """Return the seeds of each configuration."""
    found: dict[str, list[int]] = {}
    for run in runs(**design):
        found.setdefault(run.configuration, []).append(run.seed)
    return {name: sorted(seeds) for name, seeds in found.items()}


def test_before_any_look_was_taken_the_first_seeds_of_the_first_look_are_run():
    assert seeds_of(**SWITCH) == {"mixup=false": [3, 5], "mixup=true": [3, 5]}


def test_a_configuration_that_was_taken_further_gets_more_seeds_and_the_others_do_not():
    found = seeds_of(**SWITCH, taken={3: ["mixup=true"]})
    assert found == {"mixup=false": [3, 5], "mixup=true": [3, 5, 9]}
    last = seeds_of(**SWITCH, taken={4: ["mixup=true", "mixup=false"]})
    assert set(map(tuple, last.values())) == {(1, 3, 5, 9)}


def test_a_later_look_keeps_the_runs_of_the_earlier_ones():
    for sharing in ("all", "none"):
        design = SWITCH | {"seeds": {"values": SWITCH["seeds"], "sharing": sharing}}
        before, after = keys(**design), keys(**design, taken={4: ["mixup=true"]})
        assert before < after and len(after) - len(before) == 2


def test_how_seeds_are_shared_decides_how_many_there_are():
    factors = {"factors": {"hidden_units": [8, 16, 32, 64]}}
    shared = seeds_of(**factors, seeds={"values": [1, 2, 3], "sharing": "all"})
    assert shared == seeds_of(**factors, seeds=[1, 2, 3])
    assert set(map(tuple, shared.values())) == {(1, 2, 3)}
    own = seeds_of(**factors, seeds={"values": [1, 2, 3], "sharing": "none"})
    assert len({seed for seeds in own.values() for seed in seeds}) == 4 * 3
    blocks = seeds_of(**factors, seeds={"values": [1, 2, 3, 4], "sharing": "blocks", "each": 2})
    # By name: 16, 32, 64, 8.
    assert list(blocks.values()) == [[1, 2], [2, 3], [3, 4], [1, 4]]


def test_an_ensemble_needs_no_more_seeds_than_the_first_look_has():
    runs(**SWITCH, members=[1, 2])
    with pytest.raises(InputError, match=r"no ensemble of more runs than there are seeds \(2\)"):
        runs(**SWITCH, members=[1, 3])
    blocks = {"values": [1, 2, 3, 4], "sharing": "blocks", "each": 2}
    with pytest.raises(InputError, match=r"there are seeds \(2\)"):
        runs(factors={"mixup": [False, True]}, seeds=blocks, members=[1, 3])


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (
            {"taken": {3: ["mixup=tru"]}},
            "taken: there is no configuration 'mixup=tru'. Did you mean 'mixup=true'?",
        ),
        (
            {"taken": {5: ["mixup=true"]}},
            "taken.5 names mixup=true, and 5 is none of the looks",
        ),
        (
            {"taken": {3: ["mixup=true"], 4: ["mixup=true"]}},
            "taken has 'mixup=true' more than once: name its last look alone",
        ),
        ({"looks": [], "taken": {3: ["mixup=true"]}}, "taken needs looks"),
        ({"looks": [2, 5]}, "seeds has 4 values, and the last look takes 5"),
        ({"looks": [3, 2]}, "looks: looks rise from one to the next, and 2 follows 3"),
        ({"looks": [0, 2]}, "looks"),
        (
            {"seeds": {"values": [1, 2, 3, 4], "sharing": "blocks", "each": 2}},
            "looks go with seeds that all or no configurations share",
        ),
    ],
)
def test_looks_that_do_not_fit_are_named(change, answer):
    with pytest.raises(InputError, match=r"a\.yaml: sweeps\.sweep") as error:
        runs(**SWITCH | change)
    assert answer in str(error.value)


def test_what_was_taken_is_known_in_any_order_of_the_factors():
    shared = {"seeds": [1, 2, 3], "looks": [2, 3]}
    levels = {"mixup": [False, True], "hidden_units": [8, 16]}
    taken = {"taken": {3: ["hidden_units=8, mixup=true"]}}
    for factors in (levels, dict(reversed(levels.items()))):
        found = Counter(run.configuration for run in runs(factors=factors, **shared, **taken))
        more = [name for name, many in found.items() if many == 3]
        assert len(found) == 4 and [set(name.split(", ")) for name in more] == [
            {"mixup=true", "hidden_units=8"}
        ]
    twice = {"taken": {3: ["hidden_units=8, mixup=true", "mixup=true, hidden_units=8"]}}
    with pytest.raises(InputError, match="taken has 'mixup=true, hidden_units=8' more than once"):
        runs(factors=levels, **shared, **twice)


def test_what_was_taken_of_an_arm_is_that_arm_whatever_its_name_is_like():
    arms = {"a, b": {"mixup": False}, "b, arm=a": {"mixup": True}}
    found = runs(
        kind="listed", arms=arms, seeds=[1, 2, 3], looks=[2, 3], taken={3: ["arm=b, arm=a"]}
    )
    assert Counter(run.configuration for run in found) == {"arm=a, b": 2, "arm=b, arm=a": 3}


def test_a_name_that_dvc_could_not_lock_is_refused():
    name = " ".join(["mixup"] * 10)
    with pytest.raises(InputError, match=r"arms: 'mixup mixup.* has 62 characters"):
        runs(kind="listed", arms={"plain": {}, f"{name} on": {"mixup": True}})


def test_dvc_reads_what_it_locks_of_a_design():
    """DVC 3 breaks long keys with spaces over two lines, which it cannot read: names are values."""
    serialize = pytest.importorskip("dvc.utils.serialize")
    arm = ("mixup " * 20)[:LONGEST_ARM].strip()
    configuration = ", ".join(f"factor_{i}=level" for i in range(20))
    design = {"arms": {arm: {"mixup": True}}, "taken": by_look({configuration: 5, "a": 3})}
    lock = {"stages": {"train@one": {"params": {"params/one.yaml": {"sweeps.one.design": design}}}}}
    assert serialize.parse_yaml(serialize.dumps_yaml(lock), "dvc.lock") == lock


def tuned(**design) -> Design:
    block = {"kind": "autotune", "finalists": 2, "seeds": [1, 2], "after": "a-search", **design}
    return validated(Design, block, "sweeps.sweep.design")


def test_finalists_are_arms_beside_what_the_search_began_at():
    found = tuned().found([{"hidden_units": 8}, {"dropout": 0.5}])
    laid_out = lay_out(found, CallsRun, {}, {"mixup": True}, "sweeps.sweep.design")
    assert found.levels == {"arm": ["untuned", "finalist-1", "finalist-2"]}
    assert sorted({run.configuration for run in laid_out}) == [
        *("arm=finalist-1", "arm=finalist-2", "arm=untuned")
    ]
    assert all(run.settings.mixup for run in laid_out)
    chosen = {run.levels["arm"]: run.chosen for run in laid_out}
    assert chosen["finalist-2"] == {"mixup": True, "dropout": 0.5}
    assert chosen["untuned"] == {"mixup": True}


def test_before_the_search_its_start_and_the_names_of_arms_are_known():
    laid_out = lay_out(tuned(), CallsRun, {}, {}, "sweeps.sweep.design")
    assert {run.configuration for run in laid_out} == {"arm=untuned"}
    assert tuned().names == ["arm"] and len(tuned().levels["arm"]) == 3


def test_finalists_have_looks_as_other_arms_have():
    design = tuned(seeds=[5, 3, 9], looks=[2, 3], taken={3: ["arm=untuned"]})
    found = design.found([{"hidden_units": 8}, {"dropout": 0.5}])
    laid_out = lay_out(found, CallsRun, {}, {}, "sweeps.sweep.design")
    assert Counter(run.configuration for run in laid_out) == {
        **{"arm=untuned": 3, "arm=finalist-1": 2, "arm=finalist-2": 2}
    }


@pytest.mark.parametrize(
    ("design", "answer"),
    [
        ({"finalists": None}, "give it with kind: autotune"),
        ({"kind": "grid", "factors": {"mixup": [True]}}, "leave it out otherwise"),
        ({"finalists": 0}, "finalists is 0"),
        ({"factors": {"mixup": [True]}}, "leave out factors, arms and anchors"),
        ({"arms": {"a": {}}}, "leave out factors, arms and anchors"),
        ({"anchors": {"mixup": True}}, "leave out factors, arms and anchors"),
        ({"seeds": [1]}, "compares finalists over seeds: give it two or more"),
    ],
)
def test_what_an_autotune_design_does_not_take_is_named(design, answer):
    with pytest.raises(InputError, match=r"^sweeps\.sweep\.design") as error:
        tuned(**design)
    assert answer in str(error.value)
