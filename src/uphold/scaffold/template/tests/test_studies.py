"""Every study found keeps what every study promises."""

from uphold.testing.contract import *  # noqa: F403 (its tests, and the fixture that makes a study)
