"""Names that are text to one reader of YAML and values to another; for edits: test_taken_looks."""

import pytest
import yaml
from ruamel.yaml import YAML

from uphold.pipeline.yaml_text import means_itself

VALUES = ["on", "yes", "null", "no", "off", "true", "Off", "12", "0x1f", "0o7", "0b1", "1e5"]
VALUES += ["12e03", "1_000", "2024-01-01", "1.5", "1:30", "-1"]
TEXTS = ["wing_beats", "a1", "e5", "face", "3d", "10a", "2-fold", "yes1", "x0", "null_"]


def is_text(name: str) -> bool:
    """Whether both what DVC and what this repository reads params by take a name for text."""
    (here,) = yaml.safe_load(f"{name}: 1")
    (there,) = YAML(typ="safe", pure=True).load(f"{name}: 1")
    return isinstance(here, str) and isinstance(there, str)


@pytest.mark.parametrize("name", VALUES)
def test_a_name_that_is_a_value_to_one_of_two_readers_is_known(name):
    assert not is_text(name)
    assert not means_itself(name)


@pytest.mark.parametrize("name", TEXTS)
def test_all_other_names_mean_themselves(name):
    assert is_text(name)
    assert means_itself(name)
