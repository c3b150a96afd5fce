"""Scores → everything that a page shows of them."""
