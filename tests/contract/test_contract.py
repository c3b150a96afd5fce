"""Every study found keeps what every study promises; and here all of them run without real data."""

import json

from uphold.testing.contract import *  # noqa: F403 (its tests, and the fixture that makes a study)


def test_at_the_smallest_scale_data_are_synthetic(made):
    source = json.loads((made.data / "card.json").read_text())["source"]
    assert source == "synthetic" or made.study.is_command  # a program knows its own data
