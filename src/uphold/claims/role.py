"""What a claim is to its write-up, which test items it speaks of, and what it estimates."""

from typing import Literal

Role = Literal["primary", "secondary"]
"""One of those that a write-up stands on, or one of many that were looked at."""
About = Literal["these-items", "items-like-these"]
"""The test items that were scored, or others like them as well."""
Quantity = Literal["difference", "mean", "ratio", "share"]
"""What a value is: signed, or of the metric, or 1 where nothing differs, or of a variance."""
