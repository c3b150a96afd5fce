"""Which commits changed training code after the first results."""

import pytest

from uphold.claims.history import Contents, History
from uphold.claims.training_code import code_changes, paths

from ..repositories import CODE, Repository

CODE_TEXT = '"""A module."""\n\nx = 1\n\n\ndef f():\n    """Do it."""\n    return x\n'
RESULTS = {"results": "1"}


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path)
    made.commit({CODE: CODE_TEXT})
    made.commit(RESULTS)
    return made


def changed(repository, study: str = "calls") -> int:
    history = History(repository.folder, ["results", *paths(study)])
    results = [m.commit for m in history.made.values() if m.files[0].path == "results"]
    with Contents(repository.folder) as contents:
        return code_changes(history, contents, study, results[-1] if results else None).commits


@pytest.mark.parametrize(
    "files",
    [
        {CODE: CODE_TEXT.replace("x = 1", "x = 2")},
        {"src/studies/calls/training/other.py": "y = 1\n"},
        {CODE: None},
        {"src/studies/calls/data/source.py": "y = 1\n"},
        {"src/studies/calls/settings/run.py": "y = 1\n"},
        {"src/uphold/training/networks.py": "y = 1\n"},
        {CODE: "broken ("},
    ],
)
def test_what_changes_training(repository, files):
    repository.commit(files)
    assert changed(repository) == 1


@pytest.mark.parametrize(
    "files",
    [
        {CODE: "# why\n" + CODE_TEXT.replace("Do it", "Return it").replace("A module", "It")},
        {CODE: CODE_TEXT.replace("x = 1", "x  =  1")},
        {CODE: None, "src/studies/calls/training/moved.py": CODE_TEXT},
        {"src/studies/calls/evaluation/score.py": "y = 1\n"},
        {"src/studies/radio/training/lane.py": "y = 1\n"},
        {"src/studies/calls/training/README.md": "y = 1\n"},
        {"tests/studies/calls/training/test_lane.py": "y = 1\n"},
    ],
)
def test_what_does_not(repository, files):
    repository.commit(files)
    assert changed(repository) == 0


def test_code_of_a_module_that_is_one_file(repository):
    history = History(repository.folder, ["src"])
    assert history.made
    repository.commit({"src/studies/calls/settings.py": "y = 1\n"})
    history = History(repository.folder, ["results", "src"])
    first = [*history.made.values()][1].commit
    with Contents(repository.folder) as contents:
        assert code_changes(history, contents, "calls", first).commits == 1


def test_what_is_not_committed(repository):
    def edited(text: str | None) -> bool:
        repository.write({CODE: text})
        history = History(repository.folder, ["results", *paths("calls")])
        with Contents(repository.folder) as contents:
            return code_changes(history, contents, "calls", None).uncommitted

    assert not edited(CODE_TEXT)
    assert not edited("# why\n" + CODE_TEXT)
    assert edited(CODE_TEXT.replace("1", "2"))
    assert edited(None)


def test_without_results_nothing_is_later(repository):
    repository.commit({CODE: "x = 3\n"})
    history = History(repository.folder, paths("calls"))
    with Contents(repository.folder) as contents:
        assert code_changes(history, contents, "calls", None).commits == 0
