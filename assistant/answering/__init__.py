"""Ranked Passages become an Answer."""
