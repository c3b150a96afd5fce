"""What stood before the first results: on real repositories."""

import pytest

from uphold.claims import first_results, training_code
from uphold.claims.history import Contents, History
from uphold.claims.registration import FOLDER, NAMES, Registry
from uphold.claims.standing import Registered

from ..repositories import CODE, FILE, PARAMS, RESULTS, Repository, changed
from ..repositories import NAMES as GIVEN


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


@pytest.fixture(autouse=True)
def folder(tmp_path):
    (tmp_path / "repository").mkdir()


def stood(folder, sweeps=("a",)) -> Registered:
    paths = [NAMES, FOLDER, *first_results.PATHS, *training_code.paths("calls")]
    with Contents(folder) as contents:
        return Registry(History(folder, paths), contents).of("p", "calls", sweeps)


def told(changes) -> list[tuple]:
    """Return changes as (kind, name, key, before, after, commit)."""
    return [(c.kind, c.name, c.key, c.before, c.after, c.commit and c.commit.name) for c in changes]


def study(value, *keys):
    return {"params/calls.yaml": changed(value, *keys)}


def test_what_stood_before_the_first_results_and_has_not_changed(repository):
    repository.commit(PARAMS)
    first = repository.commit(RESULTS)
    text = (repository.folder / "params/calls.yaml").read_text()
    repository.commit({"params/calls.yaml": f"# a comment\n{text}"})
    found = stood(repository.folder)
    sweep = found.sweeps["a"]
    assert found.history == "whole" and sweep.known and sweep.results.name == first
    assert found.claims == {"one": [], "two": []} and not found.dropped
    assert sweep.changes == [] and sweep.code.commits == 0 and not sweep.code.uncommitted


@pytest.mark.parametrize(
    ("keys", "before", "after", "change"),
    [
        (("metrics", "f1", "margin"), 0.02, 0.05, ("margin", "f1", "")),
        (("metrics", "f1", "better"), "higher", "lower", ("better", "f1", "")),
        (
            ("writeups", "p", "claims", "one", "expect"),
            "increase",
            None,
            ("claim", "one", "expect"),
        ),
        (("writeups", "p", "claims", "one", "role"), None, "secondary", ("claim", "one", "role")),
        (("writeups", "p", "claims", "one", "where"), None, {"x": 1}, ("claim", "one", "where")),
    ],
)
def test_what_changed_of_a_claim_after_the_results(repository, keys, before, after, change):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    late = repository.commit(study(after, *keys))
    repository.commit(study("other", "metrics", "f1", "label"), study(after, *keys))
    found = stood(repository.folder)
    assert told(found.claims["one"]) == [(*change, before, after, late)]
    of_both = change[0] in ("margin", "better")
    assert told(found.claims["two"]) == ([(*change, before, after, late)] if of_both else [])


@pytest.mark.parametrize(
    ("keys", "before", "after", "change"),
    [
        (("sweeps", "a", "design", "factors"), {"mixup": [0, 1]}, {"mixup": [0]}, "factors"),
        (("sweeps", "a", "design", "replicate"), ["seed"], ["fold", "seed"], "replicate"),
        (("sweeps", "a", "design", "anchors"), None, {"x": 1}, "anchors"),
    ],
)
def test_what_changed_of_a_design(repository, keys, before, after, change):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    late = repository.commit(study(after, *keys))
    changes = told(stood(repository.folder).sweeps["a"].changes)
    assert changes == [("design", "a", change, before, after, late)]


@pytest.mark.parametrize(
    ("keys", "before", "after", "kind", "name"),
    [
        (("training", "dropout"), 0.1, 0.2, "settings", "training.dropout"),
        (("scales", "quick", "training", "epochs"), 2, 3, "settings", "training.epochs"),
        (("scales", "quick", "data", "train"), 10, 8, "settings", "data.train"),
        (("evaluation", "thresholds"), 100, 9, "evaluation", "evaluation.thresholds"),
    ],
)
def test_what_changed_of_settings(repository, keys, before, after, kind, name):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    late = repository.commit(study(after, *keys))
    changes = told(stood(repository.folder).sweeps["a"].changes)
    assert changes == [(kind, name, "", before, after, late)]


def test_results_of_data_from_another_source_are_no_first_results(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    repository.commit(study("folder", "data", "source"))
    found = stood(repository.folder)
    sweep = found.sweeps["a"]
    assert (found.source, found.others) == ("folder", ["synthetic"])
    assert (sweep.results, sweep.known, sweep.changes) == (None, True, [])
    repository.write(study("synthetic", "data", "source"))  # what is here counts, committed or not
    found = stood(repository.folder)
    assert (found.others, found.sweeps["a"].results is None) == ([], False)


def test_another_scale_s_settings_do_not_count_and_the_scale_does(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    repository.commit(study({"epochs": 50}, "scales", "full", "training"))
    assert stood(repository.folder).sweeps["a"].changes == []
    names = changed("full", "scale", base=GIVEN)
    late = repository.commit({"params.yaml": names})
    changes = told(stood(repository.folder).sweeps["a"].changes)
    assert ("scale", "", "", "quick", "full", late) in changes


def test_what_changed_in_the_commit_of_the_first_results_was_not_before_them(repository):
    repository.commit(PARAMS)
    first = repository.commit(study(0.05, "metrics", "f1", "margin"), RESULTS)
    assert told(stood(repository.folder).claims["one"]) == [("margin", "f1", "", 0.02, 0.05, first)]


def test_all_in_one_commit_stood_before_nothing(repository):
    first = repository.commit(PARAMS, RESULTS, {CODE: "x = 1"})
    found = stood(repository.folder)
    assert [(c.kind, c.key, c.commit.name) for c in found.claims["one"]] == [("claim", "", first)]
    assert found.sweeps["a"].code.commits == 1


def test_what_changed_before_the_results_is_no_change(repository):
    repository.commit(PARAMS, {CODE: "x = 1"})
    repository.commit(study(0.05, "metrics", "f1", "margin"), {CODE: "x = 2"})
    repository.commit(RESULTS)
    found = stood(repository.folder)
    assert found.claims["one"] == [] and found.sweeps["a"].code.commits == 0


def test_results_made_again_are_no_first_ones(repository):
    repository.commit(PARAMS)
    first = repository.commit(RESULTS)
    late = repository.commit(study(0.05, "metrics", "f1", "margin"))
    repository.commit({"results/promoted/a.json": None})
    repository.commit({"results/promoted/a.json": '{"again": 1}'})
    found = stood(repository.folder)
    assert found.sweeps["a"].results.name == first
    assert [c.commit.name for c in found.claims["one"]] == [late]


def test_what_changed_and_changed_back_is_told(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    there = repository.commit(study(0.05, "metrics", "f1", "margin"))
    back = repository.commit(PARAMS)
    assert told(stood(repository.folder).claims["one"]) == [
        ("margin", "f1", "", 0.02, 0.05, there),
        ("margin", "f1", "", 0.05, 0.02, back),
    ]


def test_a_claim_that_is_new_gone_or_renamed(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    claims = FILE["writeups"]["p"]["claims"]
    edited = {"two": {**claims["two"], "expect": "difference"}, "one": claims["one"]}
    edit = repository.commit(study(edited, "writeups", "p", "claims"))
    rename = repository.commit(
        study({"new": claims["one"], "three": edited["two"]}, "writeups", "p", "claims")
    )
    last = repository.commit(
        study({"three": edited["two"], "four": {"metric": "f1"}}, "writeups", "p", "claims")
    )
    found = stood(repository.folder)
    assert set(found.claims) == {"three", "four"}
    assert told(found.claims["three"]) == [
        ("claim", "three", "expect", "decrease", "difference", edit),
        ("claim", "three", "name", "two", "three", rename),
    ]
    added = {"sweep": "a", "metric": "f1"}
    assert told(found.claims["four"]) == [("claim", "four", "", None, added, last)]
    gone = {"sweep": "a", **claims["one"]}
    assert told(found.dropped) == [("claim", "new", "", gone, None, last)]


def test_a_claim_about_a_sweep_that_was_dropped_with_it(repository):
    file = changed(FILE["sweeps"]["a"], "sweeps", "b")
    about = {"metric": "f1", "sweep": "b"}
    file = changed(about, "writeups", "p", "claims", "gone", base=file)
    repository.commit(PARAMS, {"params/calls.yaml": file})
    repository.commit(RESULTS)
    late = repository.commit(PARAMS)
    dropped = told(stood(repository.folder).dropped)
    assert dropped == [("claim", "gone", "", about, None, late)]


def test_a_margin_that_changed_before_a_late_claim_was_added_is_not_the_claim_s(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    file = changed(0.05, "metrics", "f1", "margin")
    repository.commit({"params/calls.yaml": file})
    file = changed({"metric": "f1"}, "writeups", "p", "claims", "late", base=file)
    repository.commit({"params/calls.yaml": file})
    last = repository.commit(
        {"params/calls.yaml": changed(0.04, "metrics", "f1", "margin", base=file)}
    )
    added, margin = stood(repository.folder).claims["late"]
    assert added.key == "" and (margin.before, margin.after) == (0.05, 0.04)
    assert margin.commit.name == last


def test_a_claim_that_went_and_came_back_counts_from_its_return(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    repository.commit(study({}, "writeups", "p", "claims"))
    back = repository.commit(PARAMS)
    found = stood(repository.folder)
    assert [(c.key, c.commit.name) for c in found.claims["one"]] == [("", back)]
    assert not found.dropped


def test_a_write_up_that_is_called_otherwise_keeps_its_claims(repository):
    repository.commit(PARAMS, {"results/p/findings.json": '{"promoted": {"a": {}}}'})
    old = changed({"q": FILE["writeups"]["p"]}, "writeups")
    names = changed({"q": GIVEN["writeups"]["p"]}, "writeups", base=GIVEN)
    names = changed("q", "sweeps", "a", "writeup", base=names)
    repository.commit({"params.yaml": names, "params/calls.yaml": old})
    first = repository.git("rev-parse", "HEAD^")
    repository.commit(PARAMS)
    found = stood(repository.folder)
    assert found.sweeps["a"].results.name == first
    assert [c.commit.name for c in found.claims["one"][:1]] == [first]


def test_params_that_moved_to_the_file_of_their_study_have_not_changed(repository):
    """All of it stood in params.yaml once, with what a sweep comes after in its design."""
    design = {**FILE["sweeps"]["a"]["design"], "after": "none"}
    own = {k: FILE[k] for k in ("data", "training", "evaluation", "metrics", "scales")}
    sweep = {"study": "calls", "writeup": "p", "title": "A", "design": design}
    writeup = {"study": "calls", "title": "P", **FILE["writeups"]["p"]}
    whole = {
        "scale": "quick",
        "studies": {"calls": {**own, "data": {"source": "synthetic", "path": "data"}}},
        "sweeps": {"a": sweep},
        "writeups": {"p": writeup},
    }
    repository.commit({"params.yaml": whole})
    repository.commit(RESULTS)
    repository.commit(PARAMS)
    found = stood(repository.folder)
    assert found.claims == {"one": [], "two": []} and found.sweeps["a"].changes == []
    late = repository.commit(study(0.05, "metrics", "f1", "margin"))
    assert [c.commit.name for c in stood(repository.folder).claims["one"]] == [late]


@pytest.mark.parametrize(
    ("claim", "file"),
    [
        ({"role": "primary"}, {}),
        ({"sweep": "a"}, {}),
        ({"where": {}}, {}),
        ({}, {"replicate": ["seed"]}),
        ({}, {"kind": "grid"}),
        ({}, {"seeds": {"values": [1, 2, 3], "sharing": "all"}}),
    ],
)
def test_saying_what_holds_anyway_is_no_change(repository, claim, file):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    one = {**FILE["writeups"]["p"]["claims"]["one"], **claim}
    design = {**FILE["sweeps"]["a"]["design"], **file}
    new = changed(one, "writeups", "p", "claims", "one")
    repository.commit({"params/calls.yaml": changed(design, "sweeps", "a", "design", base=new)})
    found = stood(repository.folder)
    assert found.claims["one"] == [] and found.sweeps["a"].changes == []


LOOKS = {"looks": [3, 5], "seeds": [1, 2, 3, 4, 5]}


def design(**parts):
    return study({**FILE["sweeps"]["a"]["design"], **parts}, "sweeps", "a", "design")


def changes(repository):
    return [(c.kind, c.before, c.after) for c in stood(repository.folder).sweeps["a"].changes]


def test_seeds_that_a_look_takes_are_no_change(repository):
    repository.commit(PARAMS, design(**LOOKS))
    repository.commit(RESULTS)
    repository.commit(design(**LOOKS, taken={5: ["mixup=0"]}))
    assert changes(repository) == []


def test_looks_declared_after_the_results_are_told_once(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    repository.commit(design(**LOOKS))
    repository.commit(design(**LOOKS, taken={5: ["mixup=0"]}))
    assert changes(repository) == [("looks", [], [3, 5])]


@pytest.mark.parametrize(
    ("parts", "also"),
    [
        ({"seeds": [1, 2, 3, 4]}, []),
        ({"seeds": [1, 2, 4]}, []),
        ({"seeds": [1, 2]}, []),
        # the first look takes more than were seen, or others
        ({"seeds": [1, 2, 3, 4, 5], "looks": [4, 5]}, [("looks", [], [4, 5])]),
        (
            {"seeds": [9, 2, 3, 4, 5], "looks": [3, 5], "taken": {5: ["mixup=0"]}},
            [("looks", [], [3, 5])],
        ),
    ],
)
def test_seeds_that_no_declared_look_takes_are_a_change(repository, parts, also):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    repository.commit(design(**parts))
    run = parts["seeds"][:4] if parts.get("looks") == [4, 5] else parts["seeds"]
    assert changes(repository) == [*also, ("seeds", [1, 2, 3], run)]


def test_seeds_of_own_sharing(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    late = repository.commit(design(seeds={"values": [1, 2, 3], "sharing": "none"}))
    found = told(stood(repository.folder).sweeps["a"].changes)
    assert found == [("design", "a", "sharing of seeds", "all", "none", late)]


def test_training_code_that_changed_after_the_results(repository):
    repository.commit(PARAMS, {CODE: "x = 1\n"})
    repository.commit(RESULTS)
    repository.commit({CODE: "x = 2\n"})
    last = repository.commit({CODE: "x = 3\n"})
    repository.commit({CODE: "# why\nx = 3\n"})
    code = stood(repository.folder).sweeps["a"].code
    assert code.commits == 2 and code.last.name == last and not code.uncommitted


def test_a_clone_gives_the_same_answer(repository, tmp_path):
    repository.commit(PARAMS, {CODE: "x = 1\n"})
    repository.commit(RESULTS)
    repository.commit(study(0.05, "metrics", "f1", "margin"), {CODE: "x = 2\n"})
    # What the journal holds, and files that git ignores, have no say.
    repository.write({".uphold/journal/run/meta.json": "{}"})
    assert stood(repository.cloned(tmp_path / "clone")) == stood(repository.folder)


def test_a_shallow_clone_does_not_know_what_it_lacks(repository, tmp_path):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    late = repository.commit(study(0.05, "metrics", "f1", "margin"), {CODE: "x = 2\n"})
    found = stood(repository.cloned(tmp_path / "one", "--depth=1"))
    assert found.history == "cut" and not found.sweeps["a"].known
    assert found.claims == {"one": [], "two": []} and found.sweeps["a"].changes == []
    assert found.sweeps["a"].code.commits == 0
    # What changed in commits that it has, it knows; and all where it has those before the results.
    found = stood(repository.cloned(tmp_path / "two", "--depth=2"))
    assert not found.sweeps["a"].known
    assert [c.commit.name for c in found.claims["one"]] == [late]
    repository.commit({"other": "x"})
    found = stood(repository.cloned(tmp_path / "four", "--depth=4"))
    assert found.sweeps["a"].known and found.sweeps["a"].code.commits == 1


def test_without_a_repository_nothing_is_known(tmp_path):
    Repository(tmp_path / "repository").write(PARAMS)
    found = stood(tmp_path / "repository")
    assert found.history == "none" and not found.sweeps["a"].known
    (tmp_path / "else").mkdir()
    found = stood(tmp_path / "else")
    assert found.history == "none" and found.claims == {}


def test_what_is_not_committed(repository):
    repository.commit(PARAMS, {CODE: "x = 1\n"})
    repository.write({**study(0.05, "metrics", "f1", "margin"), CODE: "x = 2\n"})
    found = stood(repository.folder)
    change = ("margin", "f1", "", 0.02, 0.05, None)
    assert found.sweeps["a"].results is None and told(found.claims["one"]) == [change]
    assert found.sweeps["a"].code.uncommitted
    repository.git("stash", "-q")
    repository.commit(RESULTS)
    repository.git("stash", "pop", "-q")
    found = stood(repository.folder)
    assert found.sweeps["a"].results and told(found.claims["one"]) == [change]


def test_results_that_are_not_committed_are_not_in_git(repository):
    repository.commit(PARAMS)
    repository.commit(study(0.05, "metrics", "f1", "margin"))
    repository.write(RESULTS)
    found = stood(repository.folder)
    assert found.sweeps["a"].results is None and found.claims == {"one": [], "two": []}


def test_a_change_on_a_branch_that_the_results_do_not_build_on(repository):
    """Made before the results by the clock, merged after them: it did not stand before them."""
    repository.commit(PARAMS)
    repository.git("checkout", "-qb", "side")
    side = repository.commit(study(0.05, "metrics", "f1", "margin"))
    repository.git("checkout", "-q", "main")
    first = repository.commit(RESULTS)
    repository.git("merge", "-q", "--no-ff", "side")
    found = stood(repository.folder)
    assert found.sweeps["a"].results.name == first
    assert told(found.claims["one"]) == [("margin", "f1", "", 0.02, 0.05, side)]


def test_a_branch_that_holds_claims_and_then_results(repository):
    repository.commit({"other": "x"})
    repository.git("checkout", "-qb", "side")
    repository.commit(PARAMS)
    first = repository.commit(RESULTS)
    repository.git("checkout", "-q", "main")
    repository.commit({"other": "y"})
    repository.git("merge", "-q", "--no-ff", "side")
    found = stood(repository.folder)
    assert found.sweeps["a"].results.name == first and found.claims == {"one": [], "two": []}


def test_what_a_merge_itself_changes(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    repository.git("checkout", "-qb", "side")
    repository.commit({"params/calls.yaml": changed(0.05, "metrics", "f1", "margin")})
    repository.git("checkout", "-q", "main")
    repository.commit({"params/calls.yaml": changed(0.04, "metrics", "f1", "margin")})
    repository.git("merge", "-q", "--no-ff", "-s", "ours", "--no-commit", "side")
    merge = repository.commit({"params/calls.yaml": changed(0.01, "metrics", "f1", "margin")})
    margins = {c.commit.name: c.after for c in stood(repository.folder).claims["one"]}
    assert margins[merge] == 0.01 and len(margins) == 3


@pytest.mark.parametrize("state", ["", "[]", "metrics: 1\nsweeps: [a]\nwriteups: {p: {claims: 2}}"])
def test_a_state_of_the_file_that_is_of_another_shape_held_no_claim(repository, state):
    repository.commit(PARAMS)
    repository.commit({"params/calls.yaml": state})
    repository.commit(RESULTS)
    mended = repository.commit(PARAMS)
    found = stood(repository.folder)
    assert [(c.kind, c.commit.name) for c in found.claims["one"]] == [("claim", mended)]


def test_a_folder_of_the_repository(repository):
    inner = {f"inner/{path}": text for path, text in PARAMS.items()}
    repository.commit(PARAMS, RESULTS)
    repository.commit(inner)
    first = repository.commit({f"inner/{path}": text for path, text in RESULTS.items()})
    found = stood(repository.folder / "inner")
    assert found.sweeps["a"].results.name == first and found.claims == {"one": [], "two": []}


BROKEN = {
    "the study's file, a key twice": {"params/calls.yaml": "data: {}\ndata: {}\n"},
    "the study's file, a merge left open": {"params/calls.yaml": "<<<<<<< HEAD\ndata: {}\n"},
    "params.yaml": {"params.yaml": "scale: [\n"},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
@pytest.mark.parametrize("commits", [1, 2])
def test_params_that_could_not_be_read_are_no_change(repository, broken, commits):
    """Nothing could be run by them: what stood before went on standing until they were mended."""
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    for number in range(commits):
        repository.commit({path: f"{text}# {number}\n" for path, text in broken.items()})
    repository.commit(PARAMS)
    found = stood(repository.folder)
    assert found.claims == {"one": [], "two": []} and not found.dropped
    assert found.sweeps["a"].changes == []


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_what_changed_about_params_that_could_not_be_read_is_told(repository, broken):
    """Before them, by those who mended them, and in none of both twice."""
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    edited = changed("difference", "writeups", "p", "claims", "one", "expect")
    edit = repository.commit({"params/calls.yaml": edited})
    repository.commit(broken)
    mended = changed(0.05, "metrics", "f1", "margin", base=edited)
    mended = changed({"dropout": 0.2}, "training", base=mended)
    mend = repository.commit(PARAMS, {"params/calls.yaml": mended})
    found = stood(repository.folder)
    margin = ("margin", "f1", "", 0.02, 0.05, mend)
    expect = ("claim", "one", "expect", "increase", "difference", edit)
    assert told(found.claims["one"]) == [expect, margin]
    assert told(found.claims["two"]) == [margin]
    assert told(found.sweeps["a"].changes) == [("settings", "training.dropout", "", 0.1, 0.2, mend)]


def test_results_beside_params_that_could_not_be_read_build_on_what_stood_before(repository):
    repository.commit(PARAMS)
    first = repository.commit(BROKEN["params.yaml"], RESULTS)
    repository.commit(PARAMS)
    found = stood(repository.folder)
    assert found.sweeps["a"].results.name == first
    assert found.claims == {"one": [], "two": []} and found.sweeps["a"].changes == []


def test_params_that_could_not_be_read_from_the_first_commit_on_held_nothing(repository):
    repository.commit({**PARAMS, **BROKEN["params.yaml"]}, RESULTS)
    mend = repository.commit(PARAMS)
    claims = stood(repository.folder).claims
    assert [(c.kind, c.key, c.commit.name) for c in claims["one"]] == [("claim", "", mend)]


def test_params_broken_by_a_merge_are_those_of_either_side(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    repository.git("checkout", "-qb", "side")
    side = repository.commit(study(0.05, "metrics", "f1", "margin"))
    repository.git("checkout", "-q", "main")
    repository.commit({"other": "x"})
    repository.git("merge", "-q", "--no-ff", "--no-commit", "side")
    repository.commit(BROKEN["the study's file, a merge left open"])
    repository.commit(study(0.05, "metrics", "f1", "margin"))
    margin = ("margin", "f1", "", 0.02, 0.05, side)
    assert told(stood(repository.folder).claims["one"]) == [margin]


def test_params_that_cannot_be_read_here_change_nothing(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    repository.commit(BROKEN["params.yaml"])
    repository.write(PARAMS)
    found = stood(repository.folder)
    assert found.claims == {"one": [], "two": []} and found.sweeps["a"].changes == []
