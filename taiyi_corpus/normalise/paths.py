"""Paths and values of a mapping, compiled to getters.

A path walks dots into nested objects; a number picks an element of a list, and a name met at a list is looked up in
each element ("spo.object.@value"). "." is the row itself. A key that holds a dot is found if it stands at the top.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from taiyi_corpus.spec.mapping import Const, Join, Names, Value

Getter = Callable[[Any], Any]


def getter(path: str) -> Getter:
    """Return a function that gives what stands at `path` in a row, or None."""
    if path == ".":
        return lambda row: row
    if "." not in path:
        return lambda row: _step(row, path)
    steps = path.split(".")

    def get(row: Any) -> Any:
        if isinstance(row, dict) and path in row:
            return row[path]
        for step in steps:
            row = _step(row, step)
            if row is None:
                return None
        return row

    return get


def _step(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        if name.isdigit():
            return value[int(name)] if int(name) < len(value) else None
        found = [inner for item in value if (inner := _step(item, name)) is not None]
        return found or None
    return None


def text_of(value: Any) -> str | None:
    """Return a scalar as text, unchanged; blank text and None are None."""
    if value is None:
        return None
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        parts = [text for item in value if (text := text_of(item)) is not None]
        return " ".join(parts) or None
    return str(value)


def text_getter(value: Value) -> Callable[[Any], str | None]:
    """Return a function that gives the text a value stands for, or None."""
    if isinstance(value, str):
        get = getter(value)
        return lambda row: text_of(get(row))
    if isinstance(value, Const):
        constant = text_of(value.const)
        return lambda row: constant
    if isinstance(value, Names):
        get, names = getter(value.path), value.names

        def look_up(row: Any) -> str | None:
            raw = text_of(get(row))
            return None if raw is None else names.get(raw.strip(), raw)

        return look_up
    getters = [text_getter(path) for path in value.join]
    skip = frozenset(value.skip)

    def join(row: Any) -> str | None:
        parts: list[str] = []
        for get_part in getters:
            part = get_part(row)
            if part is not None and part.strip() not in skip and part not in parts:
                parts.append(part)
        return value.sep.join(parts) or None

    return join


def heads(value: Value | None) -> set[str]:
    """Return the top-level row keys a value reads."""
    return {key for path in value_paths(value) for key in (path, path.split(".")[0])}


def value_paths(value: Value | None) -> list[str]:
    """Return the paths a value reads."""
    if value is None or isinstance(value, Const):
        return []
    return (
        value.join if isinstance(value, Join) else [value if isinstance(value, str) else value.path]
    )
