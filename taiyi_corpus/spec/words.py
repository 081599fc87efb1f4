"""Says in words what a type wants and what a value is; used by the faults and by the documentation of the keys."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from taiyi_corpus.spec.yamltree import Bare

_PLAIN: dict[object, str] = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    Any: "an unambiguous value",
    type(None): "nothing",
}
_SHOWN = 60  # characters of a value that a message repeats


def key_of(name: str, info: FieldInfo) -> str:
    """Return how a field is called in YAML."""
    return info.alias or name


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by their YAML key."""
    return {key_of(name, info): info for name, info in model.model_fields.items()}


def is_model(kind: Any) -> bool:
    """Say whether a type is a model, that is a mapping with known keys."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def bare_type(kind: Any) -> Any:
    """Return a type without its annotations."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def branches(kind: Any) -> list[Any]:
    """Return what a union may be, None left out; a type that is no union is its only branch."""
    if get_origin(bare_type(kind)) not in (Union, types.UnionType):
        return [kind]
    return [
        branch
        for part in get_args(bare_type(kind))
        if part is not type(None)
        for branch in branches(part)
    ]


def accepts_string(kind: Any) -> bool:
    """Say whether a quoted scalar may stand here."""
    return any(bare_type(b) in (str, Any) or get_origin(b) is Literal for b in branches(kind))


def wanted(kind: Any, extra: Sequence[object] = ()) -> str:
    """Return what a type wants: "a path, {const:}, {join:}, {path:, names:}"."""
    parts = branches(kind)
    if len(parts) > 1:
        return ", ".join(_branch(part) for part in parts)
    return _one(parts[0], extra) if parts else "nothing"


def _one(kind: Any, extra: Sequence[object] = ()) -> str:
    notes = [*(get_args(kind)[1:] if get_origin(kind) is Annotated else ()), *extra]
    for note in notes:
        if isinstance(note, FieldInfo):
            notes += note.metadata
            if note.description:
                return note.description
    kind = bare_type(kind)
    if kind is str and any(isinstance(note, MinLen) for note in notes):
        return "a non-empty string"
    if get_origin(kind) is Literal:
        options = [str(option) for option in get_args(kind)]
        return options[0] if len(options) == 1 else f"one of {', '.join(options)}"
    if get_origin(kind) is list:
        return "a list"
    if get_origin(kind) is dict or is_model(kind):
        return "a mapping"
    return _PLAIN.get(kind, "a valid value")


def _branch(kind: Any) -> str:
    if not is_model(kind):
        return "true, false" if kind is bool else _one(kind)
    needed = [key for key, info in keys(kind).items() if info.is_required()]
    return f"{{{', '.join(f'{key}:' for key in needed)}}}"


def found(value: object) -> str:
    """Return what a value is, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, Bare):
        return f"bare {value.written}, which YAML reads as {value.reads}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, dict):
        return (
            shorten(f"a mapping with {', '.join(map(str, value))}") if value else "an empty mapping"
        )
    return shorten(repr(value))


def shorten(text: str) -> str:
    """Return a text cut to what a message may repeat."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def dotted(loc: Sequence[str | int]) -> str:
    """Return a place in the data as a word: `splits.train.sources[0].files`."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return f"`{text}`"
