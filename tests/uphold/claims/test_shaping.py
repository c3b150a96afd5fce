import pytest
from pydantic import ValidationError

from uphold.claims.shaping import Best, History, Melt


def test_a_history_keeps_the_last_or_the_best():
    assert History.model_validate({"along": "epoch", "keep": "last"}).keep == "last"
    best = History.model_validate({"along": "epoch", "keep": {"lowest": "val_loss"}}).keep
    assert best == Best(lowest="val_loss") and best.column == "val_loss"


@pytest.mark.parametrize("keep", ["first", {}, {"lowest": "a", "highest": "b"}, None])
def test_nothing_else_is_kept(keep):
    with pytest.raises(ValidationError):
        History.model_validate({"along": "epoch", "keep": keep})


@pytest.mark.parametrize("pattern", ["acc", "*_*"])
def test_a_pattern_has_one_star(pattern):
    with pytest.raises(ValidationError, match=r"has not one \*"):
        Melt.model_validate({"into": "seed", "columns": {"acc": pattern}})
