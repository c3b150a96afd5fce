"""What calls advises rests on claims that its write-ups make."""

from pathlib import Path

import pytest

from studies.calls.page.recommendations import AUGMENTATION, BALANCING
from uphold.pipeline.judged import judged
from uphold.pipeline.params import load

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("writeup", "findings"), [("calls-stage2", AUGMENTATION), ("calls-stage3", BALANCING)]
)
def test_findings_rest_on_claims_of_the_page(writeup, findings):
    named = {name for finding in findings for name in finding.claims}
    assert named <= set(judged(load(ROOT), writeup).claims)
