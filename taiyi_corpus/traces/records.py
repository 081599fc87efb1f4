"""Records from a file of one's own: JSON lines, or a JSON array, in the one schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.schema.record import Record
from taiyi_corpus.traces.rows import Left


def read_records(path: Path) -> tuple[list[Record], list[Left]]:
    """Return the records of a file, and those that are none.

    Raises:
        InputError: the file is empty, or no JSON.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            Fault(str(path), "a readable file", error.strerror or str(error))
        ) from None
    except UnicodeDecodeError:
        raise InputError(Fault(str(path), "UTF-8 text", "other bytes")) from None
    records, left = [], []
    for number, value in enumerate(_values(path, text), 1):
        where = value.get("id") if isinstance(value, dict) else None
        try:
            record = msgspec.convert(value, Record)
            msgspec.json.encode(record)  # half a surrogate pair is JSON, and no text
            records.append(record)
        except (msgspec.ValidationError, UnicodeEncodeError) as error:
            left.append(
                Left(
                    where if isinstance(where, str) else f"{path.name}:{number}",
                    "rejected",
                    "no_record",
                    str(error),
                )
            )
    return records, left


def _values(path: Path, text: str) -> Sequence[Any]:
    if not text.strip():
        raise InputError(Fault(str(path), "records", "an empty file"))
    if text.lstrip().startswith("["):
        try:
            value: list[Any] = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(Fault(str(path), "a JSON array or JSON lines", str(error))) from None
        return value
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                found.append(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise InputError(Fault(f"{path}:{number}", "a JSON object", str(error))) from None
    return found
