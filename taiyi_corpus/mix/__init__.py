"""Mixing: how many of what, and which."""
