"""What a page says of registration: git decides, through what the stage ``register`` wrote."""

import pytest

from uphold.analysis.model.writeup import Writeup
from uphold.errors import InputError
from uphold.format import count
from uphold.pages import judged_again, registered
from uphold.pages.writeup import Page, Sweep
from uphold.pipeline.stages.register import register

from ...partly import partly
from ..repositories import CODE, FILE, PARAMS, RESULTS, Repository, changed

DAY = "2024-05-01"


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


def page(folder, found=None, sweeps=("a",)) -> Page:
    """Return the page of a repository's write-up, registered as the pipeline does it."""
    claims = {
        name: {"sweep": sweep, "metric": "f1", "says": f"Claim {name}."}
        for name, sweep in (("one", "a"), ("two", sweeps[-1]))
    }
    titles = {name: {"title": f"Sweep {name}"} for name in sweeps}
    found = found or {"study": "calls", "claims": claims, "sweeps": titles}
    found |= {"metrics": {"f1": {"label": "F1", "better": "higher", "margin": 0.02}}}
    register(folder, {"p": ("calls", sweeps)}, folder / "results/registration", folder / "kept")
    return Page("p", folder, partly(Writeup, found))


def table(page: Page) -> list[tuple[str, ...]]:
    return [tuple(row) for row in registered.changes(page)._tbl_data.itertuples(index=False)]


def study(value, *keys):
    return {"params/calls.yaml": changed(value, *keys)}


def at(name: str) -> str:
    return f"commit {name[:7]} of {DAY}"


def test_claims_that_stood_before_the_results(repository):
    repository.commit(PARAMS)
    first = repository.commit(RESULTS)
    found = page(repository.folder)
    assert registered.sentence(found) == (
        "What all 2 claims say, their margins, directions and designs stood in git before the first"
        f" results ({at(first)}) and have not changed. Scale, settings and training code are as"
        " they were."
    )
    assert table(found) == [("–", "nothing has changed")]


def test_what_matters_most_comes_first(repository):
    repository.commit(PARAMS, {CODE: "x = 1"})
    first = repository.commit(RESULTS)
    code = repository.commit({CODE: "x = 2"})
    file = changed("difference", "writeups", "p", "claims", "one", "expect")
    file = changed("secondary", "writeups", "p", "claims", "one", "role", base=file)
    role = repository.commit({"params/calls.yaml": file})
    found = page(repository.folder)
    assert registered.sentence(found) == (
        f"Changed after the first results: expect: increase → difference (“Claim one”, {at(role)})."
        " What the other claim says, its margin, direction and design stood in git before the first"
        f" results ({at(first)}) and have not changed. Other later changes: “Claim one”"
        f" made secondary ({at(role)}); training code, in 1 commit (the last {code[:7]} of {DAY})."
    )
    assert table(found) == [
        ("expect: increase → difference", "Claim one", f"{role[:7]} of {DAY}"),
        ("made secondary", "Claim one", f"{role[:7]} of {DAY}"),
        ("training code, in 1 commit", "all sweeps", f"the last {code[:7]} of {DAY}"),
    ]


def test_in_short_the_claims_that_stand_are_counted(repository, monkeypatch):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    all_of = "All 2 claims stand as they stood in git before the first results."
    assert registered.short(page(repository.folder)) == all_of
    repository.commit(study("difference", "writeups", "p", "claims", "one", "expect"))
    one = "1 of 2 claims stands as it stood in git before the first results."
    assert registered.short(page(repository.folder)) == one
    monkeypatch.setattr(judged_again, "names", lambda *_: ["one", "two"])
    monkeypatch.setattr(Sweep, "unit", "seed")
    assert registered.short(page(repository.folder)) == (
        f"{one} 2 claims were judged before, with other numbers of seeds and without declared"
        " looks."
    )


def test_a_margin_concerns_all_claims_that_rest_on_it(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    late = repository.commit(study(0.05, "metrics", "f1", "margin"))
    assert registered.sentence(page(repository.folder)) == (
        f"Changed after the first results: margin of F1: 0.02 → 0.05 (2 claims,"
        f" {at(late)})."
        " Scale, settings and training code are as they were."
    )


@pytest.mark.parametrize(
    ("keys", "value", "words"),
    [
        (
            ("metrics", "f1", "better"),
            "lower",
            "direction of F1: higher → lower (2 claims",
        ),
        (("writeups", "p", "claims", "one", "says"), "X.", "wording of the claim (“Claim one”"),
        (("writeups", "p", "claims", "one", "where"), {"x": 1}, "where added (“Claim one”"),
        (("writeups", "p", "claims", "three"), {"metric": "f1"}, None),
        (
            ("sweeps", "a", "design", "seeds"),
            [1, 2, 3, 4],
            "1 seed added without a declared look (",
        ),
        (("sweeps", "a", "design", "seeds"), [1, 2, 9], "seeds: 1, 2, 3 → 1, 2, 9 ("),
        (
            ("sweeps", "a", "design", "replicate"),
            ["fold"],
            "replicate in the design: seed → fold (",
        ),
        (("sweeps", "a", "design", "looks"), [3], "looks declared at 3 seeds ("),
        (("training", "dropout"), 0.2, "setting training.dropout: 0.1 → 0.2 ("),
        (("evaluation", "thresholds"), None, "setting evaluation.thresholds 100 removed ("),
        (("evaluation", "more"), True, "setting evaluation.more set to on ("),
    ],
)
def test_each_change_in_words(repository, keys, value, words):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    late = repository.commit(study(value, *keys))
    text = registered.sentence(page(repository.folder))
    if words is None:  # a claim that the analysis does not know yet
        assert at(late) not in text
        return
    assert words in text and f"{at(late)})" in text
    serious = "looks" not in words and "setting" not in words
    assert text.startswith("Changed after the first results: ") == serious


def test_all_in_one_commit(repository):
    first = repository.commit(PARAMS, RESULTS)
    assert registered.sentence(page(repository.folder)) == (
        f"Changed with or after the first results: claim added (2 claims,"
        f" {at(first)}); design added ({at(first)}). Scale, settings and training code"
        " are as they were."
    )


def test_claims_that_are_new_gone_or_renamed(repository):
    old = {"old": FILE["writeups"]["p"]["claims"]["one"], "gone": {"metric": "f1"}}
    repository.commit(PARAMS, study(old, "writeups", "p", "claims"))
    repository.commit(RESULTS)
    late = repository.commit(PARAMS)
    assert registered.sentence(page(repository.folder)) == (
        f"Changed after the first results: claim renamed, from old (“Claim one”, {at(late)});"
        f" claim added (“Claim two”, {at(late)}); claim dropped (“gone”, {at(late)})."
        " Scale, settings and training code are as they were."
    )


def test_many_claims_are_counted_in_the_sentence_and_told_in_the_table(repository):
    names = ["c1", "c2", "c3", "c4", "c5"]
    claims = {name: {"metric": "f1", "expect": name} for name in names}
    repository.commit(PARAMS, study(claims, "writeups", "p", "claims"))
    repository.commit(RESULTS)
    made = {name: {**claim, "role": "secondary"} for name, claim in claims.items()}
    made["c5"] = claims["c5"]
    late = repository.commit(study(made, "writeups", "p", "claims"))
    said = {name: {"sweep": "a", "metric": "f1", "says": f"It is {name}."} for name in names}
    sweeps = {"a": {"title": "A"}}
    found = page(repository.folder, {"study": "calls", "claims": said, "sweeps": sweeps})
    assert f"Later changes: 4 claims made secondary ({at(late)})." in registered.sentence(found)
    assert table(found) == [
        ("made secondary", "all 5 claims but: It is c5", f"{late[:7]} of {DAY}")
    ]


def test_a_margin_of_many_claims_is_told_by_their_metric(repository):
    names = ["c1", "c2", "c3", "c4"]
    claims = {name: {"metric": "f1", "expect": name} for name in names}
    claims["other"] = {"metric": "recall", "expect": "increase"}
    repository.commit(PARAMS, study(claims, "writeups", "p", "claims"))
    repository.commit(RESULTS)
    file = changed(claims, "writeups", "p", "claims")
    file = changed(0.05, "metrics", "f1", "margin", base=file)
    repository.commit({"params/calls.yaml": file})
    said = {
        n: {"sweep": "a", "says": f"It is {n}.", "metric": c["metric"]} for n, c in claims.items()
    }
    sweeps = {"a": {"title": "A"}}
    found = page(repository.folder, {"study": "calls", "claims": said, "sweeps": sweeps,
                                     "metrics": {"f1": {"label": "F1"}}})  # fmt: skip
    assert table(found)[0][:2] == ("margin of F1: 0.02 → 0.05", "all 4 claims about F1")


def test_a_change_that_was_made_in_several_commits_is_told_once(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    for wording in ("First.", "Second."):
        repository.commit(study(wording, "writeups", "p", "claims", "one", "says"))
    found = page(repository.folder)
    assert "wording of the claim (“Claim one”, 2 commits)" in registered.sentence(found)
    assert len(table(found)) == 2


@pytest.mark.parametrize("more", [1, 2, 30])
def test_many_changes_are_counted_in_the_sentence_and_told_in_the_table(repository, more):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    settings = {f"option_{n}": n for n in range(registered.MOST_CHANGES + more)}
    repository.commit(study(settings, "training", "new"))
    found = page(repository.folder)
    text = registered.sentence(found)
    named = text.count("setting training.new.option_")
    assert named == registered.MOST_CHANGES + (more == 1)
    assert text.endswith(f"; and {count(more)} more, which the table of changes lists.") == (
        more > 1
    )
    ((words, _, _),) = table(found)  # what was set in one commit stands in one row
    assert words.startswith("settings training.new.option_0 set to 0; training.new.option_1 set")
    assert words.count("option_") == len(settings)


def test_settings_of_several_commits_or_sweeps_stand_apart_in_the_table(repository):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    for rate in (0.1, 0.2):
        repository.commit(study(rate, "training", "rate"))
    assert [words for words, *_ in table(page(repository.folder))] == [
        "setting training.rate set to 0.1",
        "setting training.rate: 0.1 → 0.2",
    ]


def test_several_sweeps_are_counted_in_the_sentence_and_told_in_the_table(repository):
    three = changed(FILE["sweeps"]["a"], "sweeps", "b")
    three = changed(FILE["sweeps"]["a"], "sweeps", "c", base=three)
    results = {f"results/p/sweeps/{name}/scores.csv": "run" for name in "abc"}
    repository.commit(PARAMS, {"params/calls.yaml": three})
    repository.commit(RESULTS, results)
    for name in "ab":
        three = changed(["f"], "sweeps", name, "design", "replicate", base=three)
    late = repository.commit({"params/calls.yaml": three})
    found = page(repository.folder, sweeps=("a", "b", "c"))
    assert f"replicate in the design: seed → f (2 sweeps, {at(late)})" in registered.sentence(found)
    assert table(found)[0][1] == "Sweep a; Sweep b"


def test_results_of_one_sweep_of_two(repository):
    """Where a sweep has no results yet, its claims may still change."""
    one = changed("b", "writeups", "p", "claims", "two", "sweep")
    one = changed("a", "writeups", "p", "claims", "one", "sweep", base=one)
    one = changed(FILE["sweeps"]["a"], "sweeps", "b", base=one)
    repository.commit(PARAMS, {"params/calls.yaml": one})
    first = repository.commit(RESULTS)
    text = registered.sentence(page(repository.folder, sweeps=("a", "b")))
    assert text.startswith(
        "What 1 of the 2 claims say, their margins, directions and designs stood in git before the"
        f" first results ({at(first)}) and have not changed. What 1 of the 2 claims say, their"
        " margins, directions and designs stand in git, where no results are yet."
    )
    late = repository.commit(
        {"params/calls.yaml": changed(["f"], "sweeps", "a", "design", "replicate", base=one)}
    )
    text = registered.sentence(page(repository.folder, sweeps=("a", "b")))
    assert f"replicate in the design: seed → f (“Sweep a”, {at(late)})." in text


def test_what_is_not_committed(repository):
    repository.commit(PARAMS)
    assert registered.sentence(page(repository.folder)) == (
        "What all 2 claims say, their margins, directions and designs stand in git, where no"
        " results are yet."
    )
    repository.write(study("difference", "writeups", "p", "claims", "one", "expect"))
    text = registered.sentence(page(repository.folder))
    assert text.startswith(
        "Not committed as now: expect: increase → difference (“Claim one”, not committed)."
    )


def test_without_a_history_nothing_is_claimed(repository):
    repository.write(PARAMS)
    found = page(repository.folder)
    assert registered.sentence(found) == (
        "Not known whether the claims stood before the results: there is no history in git."
    )
    assert registered.short(found) == registered.sentence(found)
    assert table(found) == [("–", "not known, since there is no history in git")]


def test_a_shallow_clone_claims_nothing(repository, tmp_path):
    repository.commit(PARAMS)
    repository.commit(RESULTS)
    found = page(repository.cloned(tmp_path / "clone", "--depth=1"))
    assert registered.sentence(found) == (
        "Not known whether what all 2 claims say, their margins, directions and designs stood in"
        " git before the first results: older commits are missing (a shallow clone)."
    )
    assert "not known, since older commits are missing" in table(found)[0][0]


def test_a_clone_says_the_same(repository, tmp_path):
    repository.commit(PARAMS, {CODE: "x = 1"})
    repository.commit(RESULTS)
    repository.commit(study(0.05, "metrics", "f1", "margin"), {CODE: "x = 2"})
    here, there = page(repository.folder), page(repository.cloned(tmp_path / "clone"))
    assert registered.sentence(here) == registered.sentence(there)
    assert table(here) == table(there)


def test_a_claim_that_is_in_the_analysis_and_no_more_in_the_params(repository):
    repository.commit(PARAMS, study({}, "writeups", "p", "claims"))
    with pytest.raises(InputError, match=r"'one'.* any more: run dvc repro analyze@p"):
        registered.sentence(page(repository.folder))
    repository.commit(PARAMS)
    found = page(repository.folder)
    register(
        repository.folder, {"p": ("calls", ["b"])}, found.root / "results/registration", found.root
    )
    with pytest.raises(InputError, match=r"its sweep 'a'.* any more"):
        registered.sentence(found)


def test_before_anything_was_registered_or_by_another_version(repository):
    repository.commit(PARAMS)
    found = page(repository.folder)
    file = repository.folder / "results/registration/p.json"
    file.write_text('{"history": "whole", "claims": {}}')
    with pytest.raises(InputError, match=r"p\.json.*uphold register"):
        registered.sentence(found)
    file.unlink()
    with pytest.raises(InputError, match=r"p\.json is missing: run uphold register"):
        registered.changes(found)


def from_source(source: str) -> dict[str, str]:
    return {"params/calls.yaml": changed(source, "data", "source")}


def test_results_of_other_data_are_told_in_one_sentence_and_list_no_changes(repository):
    repository.commit(PARAMS | from_source("synthetic"))
    repository.commit(RESULTS)
    file = changed("difference", "writeups", "p", "claims", "one", "expect")
    repository.commit({"params/calls.yaml": changed("synthetic", "data", "source", base=file)})
    repository.commit({"params/calls.yaml": changed("folder", "data", "source", base=file)})
    assert registered.sentence(page(repository.folder)) == (
        "The history in git is of other data: the source there is synthetic, here folder. What all"
        " 2 claims say, their margins, directions and designs stand in git, where no results of"
        " these data are yet."
    )


def test_results_of_these_data_are_the_first_that_count(repository):
    repository.commit(PARAMS | from_source("synthetic"))
    repository.commit(RESULTS)
    repository.commit(from_source("folder"))
    first = repository.commit({name: f"{text} " for name, text in RESULTS.items()})
    assert registered.sentence(page(repository.folder)) == (
        "The history in git holds results of other data as well: the source there is synthetic,"
        " here folder. What all 2 claims say, their margins, directions and designs stood in git"
        f" before the first results ({at(first)}) and have not changed. Scale, settings and"
        " training code are as they were."
    )


def test_a_source_that_was_not_told_may_be_this_one(repository):
    repository.commit(PARAMS | study(None, "data", "source"))
    first = repository.commit(RESULTS)
    repository.commit(from_source("folder"))
    assert f"before the first results ({at(first)})" in registered.sentence(page(repository.folder))
