"""What claims rest on, read from the params of one state."""

import yaml

from uphold.claims.rested_on import RestedOn, Seeds, rested_on, scale_of

from ..repositories import FILE, NAMES, changed


def read(file: object, names: object = NAMES, scale: str = "quick") -> RestedOn:
    return rested_on(*(yaml.safe_dump(x).encode() for x in (names, file)), "calls", scale)


def with_design(**design) -> RestedOn:
    return read(changed({**FILE["sweeps"]["a"]["design"], **design}, "sweeps", "a", "design"))


def test_what_there_is():
    found = read(FILE)
    assert found.claims["p", "one"] == {**FILE["writeups"]["p"]["claims"]["one"], "sweep": "a"}
    assert found.margin == {"f1": 0.02} and found.better == {"f1": "higher"}
    assert found.seeds == {"a": Seeds((1, 2, 3))} and found.scale == "quick"
    assert found.evaluation == {"evaluation.thresholds": 100}
    assert found.settings == {
        "data.path": "data",
        "data.source": "synthetic",
        "data.train": 10,
        "training.dropout": 0.1,
        "training.epochs": 2,
    }


def test_claims_that_name_no_sweep_are_about_the_only_one_or_the_write_up_s():
    further = {"study": "calls", "writeup": "p", "after": "none"}
    names = changed(further, "sweeps", "b", base=NAMES)
    assert "sweep" not in read(FILE, names).claims["p", "one"]
    assert read(changed("a", "writeups", "p", "sweep"), names).claims == read(FILE).claims


def test_a_scale_goes_before_the_settings_of_all():
    file = changed(0.5, "scales", "quick", "training", "dropout")
    assert read(file).settings["training.dropout"] == 0.5
    assert read(file, scale="full").settings["training.dropout"] == 0.1
    assert scale_of(yaml.safe_dump(NAMES).encode()) == "quick" and scale_of(b"[]") == ""


def test_the_order_of_arms_counts_where_each_adds_to_the_last():
    arms = {"A": {"x": 1}, "B": {"x": 2}}
    turned = dict(reversed(arms.items()))
    ladder, listed = ({"factors": {}, "kind": kind} for kind in ("ladder", "listed"))
    text = yaml.safe_dump(turned, sort_keys=False)
    assert text.startswith("B")

    def laid_out(design, arms):
        file = changed({**design, "arms": arms}, "sweeps", "a", "design")
        text = yaml.safe_dump(file, sort_keys=False).encode()
        return rested_on(yaml.safe_dump(NAMES).encode(), text, "calls", "quick").design["a"]

    assert laid_out(ladder, arms) != laid_out(ladder, turned)
    assert laid_out(listed, arms) == laid_out(listed, turned)


def test_the_order_of_a_grid_s_levels_does_not_count():
    grids = [with_design(factors={"mixup": x}).design["a"] for x in ([0, 1], [1, 0], [0, 1, 2])]
    assert grids[0] == grids[1] != grids[2]
    ways = [with_design(kind="one-way", factors={"x": x}).design["a"] for x in ([0, 1], [1, 0])]
    assert ways[0] != ways[1]


def test_seeds_are_those_that_are_run():
    looks = {"seeds": [1, 2, 3, 4, 5], "looks": [2, 3, 5]}
    assert with_design(**looks).seeds["a"] == Seeds((1, 2), (2, 3, 5))
    taken = {3: ["mixup=0"]}
    assert with_design(**looks, taken=taken).seeds["a"] == Seeds((1, 2, 3), (2, 3, 5))
    blocks = {"values": [1, 2, 3], "sharing": "blocks", "each": 2}
    found = with_design(seeds=blocks)
    assert found.seeds["a"] == Seeds((1, 2, 3))
    assert found.design["a"]["sharing of seeds"] == "blocks"
    assert found.design["a"]["seeds of each"] == 2


def test_what_is_of_another_shape_holds_nothing():
    for seeds, looks in (("x", "y"), ({"values": 1}, ["a"]), (None, {})):
        assert with_design(seeds=seeds, looks=looks, taken=[1]).seeds["a"].run == ()
    assert rested_on(b"", b"", "calls", "quick") == RestedOn()
    assert rested_on(b"", b"broken: [", "calls", "quick") is None
    assert rested_on(b"broken: [", b"", "calls", "quick") is None
    assert read({"writeups": {"p": {"claims": {"one": "it is so"}}}}).claims == {
        ("p", "one"): {"": "it is so"}
    }


def test_what_a_search_may_choose_is_part_of_the_design_that_it_gives_arms():
    names = changed("s", "sweeps", "a", "after", base=NAMES)
    names = changed({"study": "calls", "after": "none"}, "searches", "s", base=names)
    block = {"by": "validation_f1", "space": {"dropout": [0, 0.5]}}
    found = read(changed(block, "searches", "s"), names).design["a"]
    assert found["search.space.dropout"] == [0, 0.5] and found["search.after"] == "none"
    wider = changed([0, 0.5, 0.9], "space", "dropout", base=block)
    assert read(changed(wider, "searches", "s"), names).design["a"] != found
    assert not [key for key in read(FILE).design["a"] if key.startswith("search")]
