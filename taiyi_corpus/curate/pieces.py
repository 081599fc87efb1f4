"""The texts of records in pieces, tokenised once: every text that is compared is a run of pieces.

What records are the same by (`compared.unit`) and what is protected as a whole (`compared.wholes`) hold the same pieces
joined by line breaks, which are no tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from msgspec import Struct

from taiyi_corpus.curate.compared import is_document
from taiyi_corpus.curate.grams import BATCH_CHARS, I64, Runs, Tokens, tokenise
from taiyi_corpus.schema.record import Record

Run = tuple[int, int]  # first piece, and the one after the last


class Laid(Struct, frozen=True):
    """Some records that follow each other; each text of `tokens` is one of their pieces."""

    rows: slice
    tokens: Tokens
    units: Runs  # the text by which each record is the same as another
    records: I64  # bounds of the pieces of each record
    wholes: Runs  # what says the same as another where it is equal as a whole
    owners: I64  # the record of each of those, counted from the first of these


def laid(records: Sequence[Record]) -> Iterator[Laid]:
    """Yield records and their pieces, as many at a time as are tokenised together."""
    batch = _Batch(0)
    for row, record in enumerate(records, 1):
        batch.add(record)
        if batch.chars >= BATCH_CHARS:
            yield batch.laid()
            batch = _Batch(row)
    if batch.units:
        yield batch.laid()


class _Batch:
    def __init__(self, start: int) -> None:
        self._start, self.chars = start, 0
        self._texts: list[str] = []
        self.units: list[Run] = []
        self._ends: list[int] = [0]
        self._wholes: list[tuple[int, int, int]] = []

    def add(self, record: Record) -> None:
        texts, unit, wholes = pieces_of(record)
        at, row = len(self._texts), len(self.units)
        self.units.append((at + unit[0], at + unit[1]))
        self._wholes += [(at + first, at + last, row) for first, last in wholes]
        self._texts += texts
        self._ends.append(len(self._texts))
        self.chars += sum(map(len, texts))

    def laid(self) -> Laid:
        units = np.array(self.units, dtype=np.int64)
        wholes = np.array(self._wholes, dtype=np.int64).reshape(-1, 3)
        return Laid(
            slice(self._start, self._start + len(self.units)),
            tokenise(self._texts),
            Runs(units[:, 0], units[:, 1]),
            np.array(self._ends, dtype=np.int64),
            Runs(wholes[:, 0], wholes[:, 1]),
            wholes[:, 2],
        )


def pieces_of(record: Record) -> tuple[list[str], Run, list[Run]]:
    """Return the pieces of a record, its unit, and its wholes; every text that may hold a leak is among them."""
    texts: list[str] = []
    wholes: list[Run] = []

    def put(some: Iterable[str]) -> Run:
        start = len(texts)
        texts.extend(some)
        return start, len(texts)

    unit: Run | None = None
    answers = [answer.text for answer in record.answers or []]
    if record.question is not None:
        asked = put([record.question, *[choice.text for choice in record.choices or []]])
        wholes.append(asked)
        unit = asked[0], put([*answers, *(record.labels or [])])[1]
    else:
        put(answers)
    if record.context is not None:
        wholes.append(put([record.context]))
    if record.text_a is not None or record.text_b is not None:
        pair = put(sorted((record.text_a or "", record.text_b or ""), key=str.casefold))
        unit = unit or pair
        if record.text_a is not None and record.text_b is not None:
            wholes.append(pair)
    written = put([text for text in (record.source, record.target) if text])
    if record.source:
        wholes.append((written[0], written[0] + 1))
    if record.turns is not None:
        unit = put([turn.text for turn in record.turns])
        wholes.append(unit)
    if record.text is not None:
        document = put([record.text])
        unit = document if is_document(record) else unit
        wholes.append(document)
    if record.rationale is not None:
        put([record.rationale])
    return texts, unit or written, wholes
