"""JSON documents: a list of rows, an object whose values are rows, or one object that is one row.

`[{...}, {...}]` gives a row for each element, `{"data": {"train": [...]}}` with `path: data.train` one for each element
of that list, `{"10023": {...}, "10024": {...}}` with `keys: true` one for each field, with its key, and
`{"title": [...], "text": [...]}` with `columns: true` one for each place in lists of one length. A row that is a
list becomes `{"items": [...]}`, one that is a string, number or null `{"value": ...}`. A document that is one row has
the stem of its file for its key. NaN and Infinity are null. The file is read piece by piece, whatever its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from taiyi_corpus.errors import nearest
from taiyi_corpus.readers.decode import open_text
from taiyi_corpus.readers.json_stream import JsonStream
from taiyi_corpus.readers.json_text import lone_surrogate, row_data
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.archive import iter_open
from taiyi_corpus.sources.member import Member

Keyed = tuple[str | None, Any]


def read(
    members: Sequence[Member],
    *,
    encoding: str = "utf-8",
    path: str = ".",
    keys: bool = False,
    key_field: str = "_key",
    columns: bool = False,
) -> Iterator[Row | BadRow]:
    """Read the rows of JSON documents.

    Args:
        members: the files, in order, one document each.
        encoding: encoding of the files.
        path: dotted path of object keys to the list or object of rows; "." is the document itself.
        keys: the rows are the values of an object; its keys are the rows' keys, and stand in the data as well.
        key_field: the name of the key in the data.
        columns: the rows are the n-th elements of the lists of an object.
    """
    for member, binary in iter_open(members):
        yield from rows(
            member, binary, encoding=encoding, path=path, keys=keys, key_field=key_field, columns=columns
        )  # fmt: skip


def rows(
    member: Member, binary: BinaryIO, *, encoding: str = "utf-8", path: str = ".", keys: bool = False,
    key_field: str = "_key", columns: bool = False,
) -> Iterator[Row | BadRow]:  # fmt: skip
    """Yield the rows of one document; options are those of `read`."""
    parts = [] if path == "." else path.split(".")
    with open_text(member, encoding, binary=binary, newline="") as file:
        stream = JsonStream(file, member.path)
        found = _walk(stream, parts, keys, PurePosixPath(member.path).stem)
        if columns:
            found = _in_columns(found, stream)
        for position, (key, value) in enumerate(found):
            where = f"{member.path}#{position}"
            if lone_surrogate(stream.raw, value):
                yield BadRow(where, "text", "half a surrogate pair")
                continue
            data = row_data(value)
            if keys:
                if key_field in data:
                    taken = f"the rows have a field {key_field!r} of their own"
                    wanted = "a free name for the key"
                    raise stream.fault(wanted, taken, hint="Set `key_field`.")
                data = {key_field: key, **data}
            yield Row(where, key, data)
        _end(stream)


def _walk(stream: JsonStream, parts: Sequence[str], keys: bool, stem: str) -> Iterator[Keyed]:
    """Walk to the rows; what lies beside the path is decoded too, so that a broken file is found out."""
    if not parts:
        yield from _rows(stream, keys, stem)
        return
    seen: list[str] = []
    for field in stream.fields():
        if field == parts[0] and field not in seen:
            yield from _walk(stream, parts[1:], keys, stem)
        else:
            stream.value()
        seen.append(field)
    if parts[0] not in seen:
        wanted = f"a field {parts[0]!r}"
        raise stream.fault(wanted, "none before here", hint=nearest(parts[0], seen))


def _rows(stream: JsonStream, keys: bool, stem: str) -> Iterator[Keyed]:
    opening = stream.peek()
    if keys:
        for key in stream.fields():
            yield key, stream.value()
    elif opening == "[":
        for _ in stream.elements():
            yield None, stream.value()
    elif opening == "{":
        yield stem, stream.value()
    else:
        found = repr(opening) if opening else "the end of the file"
        raise stream.fault("a JSON list or object", found)


def _in_columns(rows: Iterator[Keyed], stream: JsonStream) -> Iterator[Keyed]:
    for _, value in rows:
        lists = list(value.values()) if isinstance(value, dict) else []
        lengths = {len(one) if isinstance(one, list) else -1 for one in lists}
        if len(lengths) != 1 or -1 in lengths:
            raise stream.fault("an object of lists of one length", f"lengths {sorted(lengths)}")
        yield from ((None, dict(zip(value, row, strict=True))) for row in zip(*lists, strict=True))


def _end(stream: JsonStream) -> None:
    if left := stream.peek():
        hint = "This looks like JSON lines: use the reader `jsonl`." if left in "[{" else ""
        raise stream.fault("the end of the file", repr(left), hint=hint)
