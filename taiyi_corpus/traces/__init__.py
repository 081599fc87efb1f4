"""Reasoning traces: an analyst writes, code and a reviewer check."""
