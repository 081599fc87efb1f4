"""JSON lines: a JSON value on each line.

An object is a row as it is; a list becomes `{"items": [...]}`, a string, number or null `{"value": ...}`. Blank lines
are passed over. NaN and Infinity, which are not JSON and which some writers leave behind, are null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.readers.decode import open_text
from taiyi_corpus.readers.json_text import DECODER, lone_surrogate, row_data
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

_decode = msgspec.json.Decoder().decode


def read(
    members: Sequence[Member], *, encoding: str = "utf-8", path: str = "."
) -> Iterator[Row | BadRow]:
    """Read a row from each line, or from each element of a list in each line.

    Args:
        members: the files, in order.
        encoding: encoding of the files.
        path: dotted path of object keys to a list of rows inside each line; "." where the line is the row.
    """
    parts = [] if path == "." else path.split(".")
    for member in members:
        with open_text(member, encoding) as file:
            yield from rows(file, member.path, parts)


def rows(
    file: Iterable[str], path: str, parts: Sequence[str], before: int = 0, *, first: bool = True
) -> Iterator[Row | BadRow]:
    """Yield the rows of some lines.

    Args:
        before: how many lines of the file come before.
        first: whether no row comes before.
    """
    for number, line in enumerate(file, before + 1):
        if line.isspace():
            continue
        where = f"{path}:{number}"
        try:
            value = _value(line)
        except ValueError as error:
            if first and _opens_document(line):
                raise _document(where) from error
            yield BadRow(where, "JSON", str(error))
            continue
        first = False
        if parts:
            yield from _inner(value, parts, where)
        else:
            yield Row(where, None, row_data(value))


def _value(line: str) -> Any:
    """Decode a line; the standard decoder is slow and reads what the fast one refuses."""
    try:
        return _decode(line)
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        value = DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("lists and objects nested too deep") from None
    if lone_surrogate(line, value):
        raise ValueError("half a surrogate pair")
    return value


def _inner(value: Any, parts: Sequence[str], where: str) -> Iterator[Row | BadRow]:
    for part in parts:
        value = value.get(part) if isinstance(value, dict) else None
    if not isinstance(value, list):
        yield BadRow(where, f"a list at {'.'.join(parts)!r}", type(value).__name__)
        return
    for position, item in enumerate(value):
        yield Row(f"{where}#{position}", None, row_data(item))


def _opens_document(line: str) -> bool:
    """Tell whether a line that does not decode looks like the first one of an indented document."""
    return line.strip() == "{" or line.lstrip().startswith("[")


def _document(where: str) -> SourceError:
    hint = "This looks like one JSON document: use the reader `json`."
    return SourceError(Fault(where, "a JSON value on the line", "the start of one", hint))
