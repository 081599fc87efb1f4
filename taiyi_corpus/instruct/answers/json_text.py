"""JSON answers: writing any value, reading strictly what a model wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from taiyi_corpus.instruct.answers.shown import Shown
from taiyi_corpus.instruct.answers.style import Unparsable

_ENCODER = json.JSONEncoder(ensure_ascii=False)


def dump(value: Any) -> str:
    """Return `value` as JSON on one line, in readable characters."""
    return _ENCODER.encode(value)


def load(text: str) -> Any:
    """Return the JSON value of a text, which may stand in a code fence; raise Unparsable otherwise."""
    try:
        return json.loads(_without_fence(text), object_pairs_hook=_distinct)
    except RecursionError as error:
        raise Unparsable("the JSON is nested too deep") from error
    except ValueError as error:  # also a number with too many digits
        raise Unparsable(f"not JSON: {error}") from error


def _without_fence(text: str) -> str:
    text = text.strip()
    if text.startswith("```") and text.endswith("```") and len(text) >= 6:
        text = text[3:-3].strip()
        if text[:4].lower() == "json":
            text = text[4:]
    return text


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def strings(value: Any, what: str) -> list[str]:
    """Return `value` if it is a list of strings; raise Unparsable if not."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Unparsable(f"{what} is not a list of strings")
    return value


def objects(value: Any, keys: frozenset[str]) -> list[dict[str, Any]]:
    """Return `value` if it is a list of objects with exactly these keys; raise Unparsable if not."""
    if not isinstance(value, list):
        raise Unparsable("not a list")
    for item in value:
        if not isinstance(item, dict) or item.keys() != keys:
            raise Unparsable(f"an item is not an object with the keys {', '.join(sorted(keys))}")
    return value


def string(value: Any, what: str) -> str:
    """Return `value` if it is a string; raise Unparsable if not."""
    if not isinstance(value, str):
        raise Unparsable(f"{what} is not a string")
    return value


def dump_args(args: Sequence[Sequence[str]]) -> dict[str, str | list[str]]:
    """Return arguments as an object; a role that occurs more than once has a list."""
    by_role: dict[str, list[str]] = {}
    for role, text in args:
        by_role.setdefault(role, []).append(text)
    return {role: texts[0] if len(texts) == 1 else texts for role, texts in by_role.items()}


def load_args(value: Any, roles: Shown) -> list[list[str]]:
    """Return the arguments that `dump_args` wrote; raise Unparsable for anything else."""
    if not isinstance(value, dict):
        raise Unparsable("args is not an object")
    args = []
    for name, texts in value.items():
        role = roles.find(name)
        args += [
            [role, text] for text in ([texts] if isinstance(texts, str) else strings(texts, name))
        ]
    return args
