"""Params → stages → journal: what DVC calls, and what keeps finished runs."""
