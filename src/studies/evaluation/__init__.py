"""Predictions → scores."""
