"""Engines: run pure functions over partitions."""
