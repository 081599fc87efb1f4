"""Normalising: raw rows and a mapping become records that keep the invariants."""
