"""JSON documents in batches: a list of objects is read as JSON lines are; other rows come from the reader `json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from taiyi_corpus.readers import json as documents
from taiyi_corpus.readers.batch import BOM, Batch, in_order
from taiyi_corpus.readers.json_elements import Unsure, elements
from taiyi_corpus.readers.json_form import Form
from taiyi_corpus.readers.json_objects import Objects
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.span import Source
from taiyi_corpus.sources.archive import iter_open
from taiyi_corpus.sources.member import Member

BLOCK = 1 << 20  # bytes read at a time
SMALL = 1 << 16  # bytes of a file of which columns would not be worth making
_ROWS = 2000  # rows in a batch of those that are read one by one


def read(members: Sequence[Member], options: Mapping[str, Any]) -> Iterator[Batch]:
    """Yield the rows of JSON documents in batches; options are those of the reader `json`.

    Raises:
        SourceError: a file is no such document.
    """
    for member, stream in iter_open(members):
        if member.size < SMALL or options.get("path", ".") != "." or options.get("columns"):
            yield from _gathered(documents.rows(member, stream, **options))
            continue
        count = 0
        try:
            with stream:
                for batch in _objects(member, stream):
                    yield batch
                    count += batch.count
        except Unsure:
            yield from _gathered(islice(documents.read([member], **options), count, None))


def _objects(member: Member, stream: BinaryIO) -> Iterator[Batch]:
    """Yield the objects of a list.

    Raises:
        Unsure: the document is something else, or is not well-formed.
    """
    source, form, size, count = Source(stream), Form(), BLOCK, 0
    head = source.block(size)
    bare = head.removeprefix(BOM).lstrip(b" \t\r\n")
    if not bare.startswith(b"["):
        raise Unsure
    source.take(len(head) - len(bare) + 1)
    while True:
        block = source.block(size)
        found = elements(block, first=count == 0)
        if found is None or (len(block) < size and not found.closed):
            if len(block) < size:
                raise Unsure
            size *= 2
            continue
        source.take(found.taken)
        size = BLOCK
        if len(found.ends):
            some = Objects(found.text, found.starts, found.ends)
            batch = some.batch(form, partial(_places, member, count, some.count), apart=True)
            if batch is None:
                raise Unsure
            yield batch
            count += some.count
        if found.closed:
            break
    while rest := source.block(BLOCK):
        if rest.strip(b" \t\r\n"):
            raise Unsure
        source.take(len(rest))


def _places(member: Member, before: int, count: int) -> pa.StringArray:
    numbers = pa.array(np.arange(before, before + count)).cast(pa.string())
    return pc.binary_join_element_wise(f"{member.path}#", numbers, "")


def _gathered(rows: Iterator[Row | BadRow]) -> Iterator[Batch]:
    """Yield rows in batches as they come."""
    while some := list(islice(rows, _ROWS)):
        good = [row.data for row in some if isinstance(row, Row) and row.key is None]
        if len(good) == len(some):
            plain = in_order(some)
            yield Batch(plain.count, plain.rows, plain.places, None, partial(_same, good))
        else:
            yield in_order(some)


def _same(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return rows
