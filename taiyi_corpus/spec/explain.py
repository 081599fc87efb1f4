"""Turns what pydantic finds wrong into faults that say the line, the wish, the fact and the next step.

Pydantic reports one error for each branch of a union and names its own types; here the model's annotations are walked
along with the data, so that a union gives one fault in the words of the registry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from taiyi_corpus.errors import Fault, nearest
from taiyi_corpus.spec.words import (
    accepts_string,
    bare_type,
    branches,
    dotted,
    found,
    is_model,
    keys,
    wanted,
)
from taiyi_corpus.spec.yamltree import Bare, Loc, Placed, Refused, Tree

_WRONG_TYPE = ("_type", "literal_error", "string_too_short", "is_instance_of")


class _Error(NamedTuple):
    """An error of pydantic and what is left of its location."""

    rest: Loc
    details: ErrorDetails


def explain(
    errors: Sequence[ErrorDetails], model: type[BaseModel], tree: Tree, name: str
) -> list[Placed]:
    """Return one fault for each thing wrong, with its line.

    Ambiguous scalars where anything may stand are faults too, which no type finds.
    """
    walk = _Walk(tree, name)
    found = list(walk.faults(model, (), tree.data, [_Error(e["loc"], e) for e in errors]))
    for loc, value in _bare((), tree.data):
        if not any(loc[:end] in walk.reported for end in range(len(loc) + 1)):
            found.append(walk.wrong(Any, loc, value))
    return found


def nearest_key(key: str, model: type[BaseModel]) -> str:
    """Return a hint naming the key of `model` closest to `key`, or all its keys."""
    return nearest(key, list(keys(model)))


class _Walk:
    """Walks types and data along the locations of errors."""

    def __init__(self, tree: Tree, name: str) -> None:
        self.tree = tree
        self.name = name
        self.reported = set(tree.refused)  # what has a fault, and so has all that is below it

    def faults(
        self, kind: Any, loc: Loc, value: object, errors: list[_Error], notes: Sequence[object] = ()
    ) -> Iterator[Placed]:
        """Yield the faults of `value` at `loc`, which should be of type `kind`."""
        if isinstance(value, Refused):
            return
        parts = branches(kind)
        if len(parts) > 1:
            part = _branch_meant(parts, value)
            if part is None:
                yield self.wrong(kind, loc, value, notes)
                return
            errors = [_Error(e.rest[1:], e.details) for e in errors if _is_of(e, part)]
            parts = [part]
        kind = bare_type(parts[0])
        inner: dict[str | int, list[_Error]] = {}
        for error in errors:
            if error.rest:
                inner.setdefault(error.rest[0], []).append(_Error(error.rest[1:], error.details))
            else:
                yield self.here(parts[0], loc, value, error.details, notes)
        for step, below in inner.items():
            yield from self.below(kind, loc, value, step, below)

    def below(
        self, kind: Any, loc: Loc, value: object, step: str | int, errors: list[_Error]
    ) -> Iterator[Placed]:
        """Yield the faults of what stands at `step` of `value`."""
        at = (*loc, step)
        known = keys(kind) if is_model(kind) else {}
        if errors[0].details["type"] == "missing" and not errors[0].rest:
            yield self.at(at, f"the key {dotted(at)}", "none")
        elif known and step not in known:
            if at not in self.tree.refused:
                place = f"a key of {dotted(loc)}" if loc else "a known key"
                yield self.at(at, place, repr(step), nearest(str(step), list(known)))
        elif known and isinstance(value, dict):
            info = known[str(step)]
            yield from self.faults(info.annotation, at, value[step], errors, [info])
        elif get_origin(kind) is dict and isinstance(value, dict):
            key_kind, value_kind = get_args(kind)
            of_value = [error for error in errors if error.rest != ("[key]",)]
            if len(of_value) < len(errors) and at not in self.tree.refused:
                hint = _close(str(step), [str(option) for option in _options(key_kind)])
                yield self.at(at, f"{wanted(key_kind)} as key of {dotted(loc)}", repr(step), hint)
            if of_value:
                yield from self.faults(value_kind, at, value[str(step)], of_value)
        elif get_origin(kind) is list and isinstance(value, list) and isinstance(step, int):
            yield from self.faults(get_args(kind)[0], at, value[step], errors)
        else:
            for error in errors:
                yield self.at(at, _plain(error.details), found(error.details["input"]))

    def here(
        self, kind: Any, loc: Loc, value: object, error: ErrorDetails, notes: Sequence[object]
    ) -> Placed:
        if error["type"].endswith(_WRONG_TYPE):
            return self.wrong(kind, loc, value, notes)
        place = f" at {dotted(loc)}" if loc else ""
        return self.at(loc, f"{_plain(error)}{place}", found(value))

    def wrong(self, kind: Any, loc: Loc, value: object, notes: Sequence[object] = ()) -> Placed:
        place = f" at {dotted(loc)}" if loc else ""
        required = any(isinstance(note, FieldInfo) and note.is_required() for note in notes)
        hint = self.hint(kind, loc, value, required)
        return self.at(loc, f"{wanted(kind, notes)}{place}", found(value), hint)

    def hint(self, kind: Any, loc: Loc, value: object, required: bool) -> str:
        """Return what to write instead."""
        if value is None and loc:
            return "Write a value." if required else "Write a value, or leave it out."
        if isinstance(value, dict):
            known = [key for b in branches(kind) if is_model(b) for key in keys(b)]
            hints = (_close(str(key), known) for key in value)
            return next((hint for hint in hints if hint), "")
        if isinstance(value, str):
            if any(get_origin(bare_type(b)) is list for b in branches(kind)):
                return f"Write a list: [{value}]." if len(value) <= 40 else "Write a list."
            return _close(value, [str(o) for b in branches(kind) for o in _options(b)])
        written = value.written if isinstance(value, Bare) else self.tree.written.get(loc)
        if written is None:
            return ""
        kinds = {bare_type(branch) for branch in branches(kind)}
        if isinstance(value, Bare) and value.reads in ("true", "false"):
            if bool in kinds:
                return f"Write {value.reads}."
            if Any in kinds:
                return f'Write {value.reads}, or quote it: "{written}".'
        if isinstance(value, Bare) and int in kinds and value.reads.isdecimal():
            return f"Write {value.reads}."
        if accepts_string(kind):
            return f'Quote it: "{written}".'
        return ""

    def at(self, loc: Loc, wish: str, fact: str, hint: str = "") -> Placed:
        self.reported.add(loc)
        line = self.tree.line(loc)
        return line, Fault(f"{self.name}:{line}", wish, fact, hint)


def _bare(loc: Loc, value: object) -> Iterator[tuple[Loc, Bare]]:
    if isinstance(value, Bare):
        yield loc, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _bare((*loc, key), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _bare((*loc, index), item)


def _branch_meant(parts: list[Any], value: object) -> Any:
    """Return the branch of a union that a mapping or list was meant to be, or None."""
    if isinstance(value, dict):
        models = [part for part in parts if is_model(part)]
        shared = [len(value.keys() & keys(part).keys()) for part in models]
        if any(shared):
            return models[shared.index(max(shared))]
        tables = [part for part in parts if get_origin(bare_type(part)) is dict]
        return tables[0] if tables else models[0] if len(models) == 1 else None
    if isinstance(value, list):
        lists = [part for part in parts if get_origin(bare_type(part)) is list]
        return lists[0] if lists else None
    return None


def _is_of(error: _Error, part: Any) -> bool:
    """Say whether an error in a union belongs to one branch: pydantic names the branch first."""
    tag = str(error.rest[0]) if error.rest else ""
    if is_model(part):
        return tag == str(part.__name__)
    return tag.startswith(f"{get_origin(bare_type(part)).__name__}[")


def _options(kind: Any) -> tuple[object, ...]:
    return get_args(kind) if get_origin(bare_type(kind)) is Literal else ()


def _close(word: str, options: list[str]) -> str:
    hint = nearest(word, options)
    return hint if hint.startswith("Did") else ""  # the wish lists the options already


def _plain(error: ErrorDetails) -> str:
    return error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
