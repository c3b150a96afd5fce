"""Whether a claim is one of those that a write-up stands on, or one of many that were looked at."""

from typing import Literal

Role = Literal["primary", "secondary"]
