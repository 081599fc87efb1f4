"""Paths and values of a mapping, compiled to getters.

A path walks dots into nested objects; a number picks an element of a list (a text is a list of one), and a name met at
a list is looked up in each element ("spo.object.@value"). "." is the row itself. A key that holds a dot is found if it
stands at the top.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from taiyi_corpus.spec.mapping import Const, Join, Match, Names, Value

Getter = Callable[[Any], Any]


def getter(path: str) -> Getter:
    """Return a function that gives what stands at `path` in a row, or None."""
    if path == ".":
        return lambda row: row
    if "." not in path:
        return lambda row: row.get(path) if type(row) is dict else _step(row, path)
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
    return value if name == "0" and isinstance(value, str) else None


def text_of(value: Any) -> str | None:
    """Return a scalar as text, unchanged; blank text and None are None.

    Scalars of a list are joined by blanks; an object, or a list with objects, is its JSON on one line.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Integers that a spreadsheet or JSON gives as 3.0 are 3; NaN is how pandas writes "nothing".
        return str(int(value)) if value.is_integer() else None if value != value else str(value)
    if isinstance(value, list) and not any(isinstance(item, dict) for item in value):
        parts = [text for item in value if (text := text_of(item)) is not None]
        return " ".join(parts) or None
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
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
    return _matcher(value) if isinstance(value, Match) else _joiner(value)


def _joiner(value: Join) -> Callable[[Any], str | None]:
    getters = [(getter(path), value.heads.get(path, "")) for path in value.join]
    skip, cut = frozenset(value.skip), cutter(value.cut)

    def join(row: Any) -> str | None:
        parts: list[str] = []
        for get, head in getters:
            found = get(row)
            for item in found if isinstance(found, list) else (found,):
                part = text_of(cut(text_of(item) or ""))
                if part is None or part.strip() in skip:
                    continue
                if value.repeats or head + part not in parts:
                    parts.append(head + part)
        return value.sep.join(parts) or None

    return join


def _matcher(value: Match) -> Callable[[Any], str | None]:
    get, pattern, cut = getter(value.path), re.compile(value.match), cutter(value.cut)

    def match(row: Any) -> str | None:
        found = pattern.search(text_of(get(row)) or "")
        return cut(found[1]).strip() or None if found else None

    return match


def cutter(patterns: Sequence[str]) -> Callable[[str], str]:
    """Return a function that leaves out of a text what the regular expressions find."""
    compiled = [re.compile(pattern) for pattern in patterns]

    def cut(text: str) -> str:
        for pattern in compiled:
            text = pattern.sub("", text)
        return text

    return cut


def unnamed(paths: Collection[str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a function that gives what of a row none of `paths` names; what is blank is left out.

    A path into an object or into the objects of a list names that field of it, not the whole.
    """
    whole = frozenset(paths)
    named: _Named = {}
    for path in whole - {"."}:
        at = named
        for step in path.split("."):
            at = at.setdefault(step, {})
        at[_ALL] = {}
    return lambda row: {
        key: rest
        for key, value in row.items()
        if key not in whole and (rest := _rest(value, named.get(key))) not in _BLANK
    }


_Named = dict[str, Any]  # step -> the steps after it; _ALL: a path ends here
_ALL = ""
_BLANK: tuple[Any, ...] = (None, "", [], {})


def _rest(value: Any, named: _Named | None) -> Any:
    if named is None:
        return value
    if _ALL in named:
        return None
    if isinstance(value, dict):
        rest = {key: _rest(inner, named.get(key)) for key, inner in value.items()}
        return {key: inner for key, inner in rest.items() if inner not in _BLANK}
    if isinstance(value, list):
        # A number picks one element, a name is looked up in each.
        if any(step.isdigit() for step in named):
            rests = [_rest(item, named.get(str(n))) for n, item in enumerate(value)]
            rests = [
                rest for n, rest in enumerate(rests) if rest not in _BLANK or str(n) not in named
            ]
        else:
            rests = [_rest(item, named) for item in value]
        return rests if any(rest not in _BLANK for rest in rests) else None
    return None if isinstance(value, str) and "0" in named else value


def value_paths(value: Value | None) -> list[str]:
    """Return the paths a value reads whole."""
    if value is None or isinstance(value, (Const, Match)):
        return []
    return (
        value.join if isinstance(value, Join) else [value if isinstance(value, str) else value.path]
    )
