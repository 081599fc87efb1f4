"""How readers of annotated documents name what is broken in a document."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.readers.row import BadRow

SHOWN = 80


def shown(text: str) -> str:
    """Return `text` quoted and cut, to be shown as what was found."""
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")


def check_encoding(encoding: str) -> None:
    """Raise InputError if there is no such text encoding."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        fault = Fault("reader option encoding", "the name of a text encoding", repr(encoding))
        raise InputError(fault) from None


def undecodable(where: str, error: UnicodeDecodeError) -> BadRow:
    """Return the fault of bytes that are not in the encoding asked for."""
    return BadRow(where, f"text in {error.encoding}", f"{error.reason} at byte {error.start}")


def one(faults: Sequence[BadRow], key: str | None = None) -> BadRow:
    """Return one bad row for document `key` with `faults`: the first of them, and how many more there are."""
    first, more = faults[0], len(faults) - 1
    found = f"{first.found} (and {more} more in this document)" if more else first.found
    return BadRow(first.where, first.wanted, found, key)
