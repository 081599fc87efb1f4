"""Scores: predictions of a model against the gold of a build."""
