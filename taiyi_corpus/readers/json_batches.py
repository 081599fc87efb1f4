"""JSON lines in batches; what does not decode as it should goes to the reader `jsonl`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from taiyi_corpus.readers import jsonl
from taiyi_corpus.readers.batch import BOM, Batch, in_order, numbered
from taiyi_corpus.readers.decode import undecodable
from taiyi_corpus.readers.json_form import Form
from taiyi_corpus.readers.json_marks import Bytes, Places
from taiyi_corpus.readers.json_objects import Objects
from taiyi_corpus.readers.row import Row
from taiyi_corpus.readers.span import Cut, Source, opened_bytes
from taiyi_corpus.sources.member import Member

BLOCK = 1 << 20  # bytes read at a time; what is made of many more does not stay near the processor


def lines(member: Member, cut: Cut | None) -> Iterator[Batch]:
    """Yield the rows of a file of JSON lines, or of a slice of it, in batches.

    Raises:
        SourceError: bytes do not decode, or the file is one JSON document.
    """
    before, first = (cut.line, cut.row == 0) if cut else (0, True)
    form = Form()
    with opened_bytes(member, cut) as stream:
        source = Source(stream)
        if before == 0 and source.block(len(BOM)).startswith(BOM):
            source.take(len(BOM))
        while text := source.lines(BLOCK):
            source.take(len(text))
            raw = np.frombuffer(text, np.uint8)
            ends = _line_ends(raw)
            some = Objects(text, np.concatenate(([0], ends[:-1])), ends)
            where = partial(numbered, member, before, some.count)
            batch = some.batch(form, where, apart=_an_object_a_line(raw, ends))
            if batch is None:
                batch = _one_by_one(text, member, before, first)
            before += some.count
            first = first and not (
                batch.objects or any(isinstance(row, Row) for row in batch.rows())
            )
            yield batch


def _line_ends(raw: Bytes) -> Places:
    ends = np.flatnonzero(raw == ord("\n")) + 1
    return ends if len(ends) and ends[-1] == len(raw) else np.append(ends, len(raw))


def _an_object_a_line(raw: Bytes, ends: Places) -> bool:
    r"""Return whether each line opens with "{" and closes with "}".

    Between two such lines nothing goes on: in JSON there is a comma after a "}" that is followed by a "{".
    """
    opens = np.append(0, ends[:-1])
    closes = ends - 1
    for end in b"\n\r":
        closes = closes - ((raw[closes] == end) & (closes > opens))
    return bool((raw[opens] == ord("{")).all() and (raw[closes] == ord("}")).all())


def _one_by_one(text: bytes, member: Member, before: int, first: bool) -> Batch:
    try:
        texts = [f"{line}\n" for line in text.decode().split("\n")]
    except UnicodeDecodeError as error:
        raise undecodable(member, "utf-8") from error
    return in_order(list(jsonl.rows(texts, member.path, [], before, first=first)))
