"""JSON objects that stand in one piece of a file: as columns, or decoded one by one."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from taiyi_corpus.readers.batch import Batch, KeyOrder
from taiyi_corpus.readers.json_form import Form
from taiyi_corpus.readers.json_marks import Places, key_order
from taiyi_corpus.readers.row import BadRow, Row

_SAMPLE = 50  # objects whose form is taken for that of all
_decode = msgspec.json.Decoder().decode


class Objects:
    """A piece of a file, and where the objects in it begin and end."""

    def __init__(self, text: bytes, starts: Places, ends: Places) -> None:
        self._text, self._starts, self._ends = text, starts, ends
        self.count = len(ends)

    @cached_property
    def values(self) -> list[Any]:
        """What was found, decoded.

        Raises:
            ValueError: something is not JSON.
            RecursionError: something is nested too deep.
        """
        return _decoded(self.pieces(self.count))

    def pieces(self, count: int) -> Iterable[bytes]:
        """Yield the text of the first objects."""
        ends = self._ends[:count].tolist()
        return (
            self._text[start:end] for start, end in zip(self._starts.tolist(), ends, strict=False)
        )

    def batch(
        self, form: Form, where: Callable[[], pa.StringArray], *, apart: bool
    ) -> Batch | None:
        """Return the objects as a batch, None if what was found does not decode or is something else.

        Args:
            form: what is known of objects like these; it may learn more.
            where: gives the place of each.
            apart: whether there is nothing but white space between them.
        """
        cells = None
        if apart:
            if not form.known:
                self._sample(form)
            cells = form.cells(self._text, self.count)
        if cells is None:
            try:
                values = self.values
            except (ValueError, RecursionError):
                return None
            if set(map(type, values)) != {dict}:
                return None
            if apart:
                form.learn(values)

        def rows() -> list[Row | BadRow]:
            return [
                Row(place, None, value)
                for place, value in zip(where().to_pylist(), self.values, strict=True)
            ]

        return Batch(self.count, rows, where, cells, lambda: self.values, self._order)

    def _sample(self, form: Form) -> None:
        try:
            values = _decoded(self.pieces(_SAMPLE))
        except (ValueError, RecursionError):
            return
        form.learn(value for value in values if isinstance(value, dict))

    def _order(self, names: Sequence[str]) -> KeyOrder | None:
        return key_order(np.frombuffer(self._text, np.uint8), self._ends, names)


def _decoded(texts: Iterable[bytes]) -> list[Any]:
    collects = gc.isenabled()
    gc.disable()  # what is decoded has no cycles, and to look for them takes a third of the time
    try:
        return [_decode(text) for text in texts]
    finally:
        if collects:
            gc.enable()
