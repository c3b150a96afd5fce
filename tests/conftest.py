"""What holds for all tests."""

import pytest

from uphold import format


@pytest.fixture(autouse=True)
def names_of_no_other_test():
    """Forget the names of the study whose page a test opened."""
    yield
    format.use_names({})
