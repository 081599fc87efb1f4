"""Registry files and recipes: typed, strictly read, found and checked."""
