"""What a sweep promoted, where a test does not ask what."""

from uphold.analysis.model.runs import Promoted

PROMOTED = Promoted(
    configuration="mode=a",
    settings={"mode": "a"},
    by="validation_f1",
    mean=0.5,
    sd=None,
    n=1,
    stable=1,
    configurations=2,
    rule_met=True,
)
