"""What a claim is to its write-up, and which test items it speaks of."""

from typing import Literal

Role = Literal["primary", "secondary"]
"""One of those that a write-up stands on, or one of many that were looked at."""
About = Literal["these-items", "items-like-these"]
"""The test items that were scored, or others like them as well."""
