"""Curating: each step keeps a record or names the reason to drop it."""
