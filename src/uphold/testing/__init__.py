"""What a repository of studies tests its own studies with; pytest is imported here alone.

A test file of a repository takes all of it in one line: ``from uphold.testing.contract import *``.
"""

import pytest

pytest.register_assert_rewrite("uphold.testing.contract")
