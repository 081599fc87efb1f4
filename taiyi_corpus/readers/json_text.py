"""JSON as corpora have it: standard JSON, and the NaN and Infinity that some writers leave in it."""

from __future__ import annotations

import json
import re
from typing import Any

# NaN and Infinity stand where a data frame had no value.
DECODER = json.JSONDecoder(parse_constant=lambda _: None)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def lone_surrogate(raw: str, value: Any) -> bool:
    r"""Tell whether a value, decoded from `raw`, holds half a surrogate pair ("\ud83d"), which is no text."""
    if not _SURROGATE.search(raw):
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def row_data(value: Any) -> dict[str, Any]:
    """Return a value as the data of a row: an object as it is, a list under "items", the rest under "value"."""
    if isinstance(value, dict):
        return value
    return {"items": value} if isinstance(value, list) else {"value": value}
