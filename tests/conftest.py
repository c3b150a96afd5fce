"""What holds for all tests."""
# ruff: noqa: E402 (libraries read the environment when they are imported)

from uphold import processor

processor.pin()  # before anything loads numpy

import pytest
from hypothesis import settings

from uphold import format

# The first call of a library can take longer than the deadline of one example allows.
settings.register_profile("undated", deadline=None)
settings.load_profile("undated")


def pytest_make_parametrize_id(val, argname):
    """Bytes do not name a test: what a packer writes holds the time, and two workers differ."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def names_of_no_other_test():
    """Forget the names of the study whose page a test opened."""
    yield
    format.use_names({})
