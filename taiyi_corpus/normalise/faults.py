"""Faults met while records are made: what a dataset declares, what is found, what is done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from taiyi_corpus.spec.dataset import KnownFault

Resolve = Literal["offsets", "text", "drop"]


class RecordFault(Exception):
    """A fault that leaves no valid record: the record is dropped with `code` as the reason."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def malformed(wanted: str, found: object) -> RecordFault:
    """Return the fault of a row that is not what the mapping says."""
    return RecordFault("row_malformed", f"wanted {wanted}, found {found!r:.200}")


class FaultBook:
    """Counts the faults of one split and says how each kind is resolved."""

    def __init__(self, declared: Sequence[KnownFault]) -> None:
        self._resolve: dict[str, Resolve] = {fault.fault: fault.resolve for fault in declared}
        self.counts: Counter[str] = Counter()

    def meet(self, code: str, detail: str) -> Resolve:
        """Count a fault of an annotation and return what to do.

        Raises:
            RecordFault: the dataset does not declare this fault, so the whole record goes.
        """
        if code not in self._resolve:
            raise RecordFault(code, detail)  # counted where the record is dropped
        self.counts[code] += 1
        return self._resolve[code]
