"""What is recommended rests on claims that the pages make."""

from pathlib import Path

import pytest

from studies.calls.page import recommendations
from uphold.pipeline.judged import judged
from uphold.pipeline.params import load


@pytest.mark.parametrize(
    ("page", "findings"),
    [
        ("calls-stage2", recommendations.AUGMENTATION),
        ("calls-stage3", recommendations.BALANCING),
        ("calls-stage4", recommendations.ROBUSTNESS),
    ],
)
def test_findings_rest_on_claims_of_the_page(page, findings):
    named = {name for finding in findings for name in finding.claims}
    assert named <= set(judged(load(Path(__file__).parents[4]), page).claims)
