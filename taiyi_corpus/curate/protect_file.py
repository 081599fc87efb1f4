"""Files of texts that must not leak: one's own test set, or a list of document ids.

    .txt       a text a line; a line "pmid:123", "pmcid:PMC1", "doi:10.1/x" or "nct:NCT1" is a document
    .jsonl     an object a line; .json: a list of objects, or one
    .parquet   a row each

Of objects and rows every string counts that is long enough to tell a text from a code, and every document id by its
key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus.curate.compared import bare_document, documents_in
from taiyi_corpus.curate.protected import Item
from taiyi_corpus.errors import Fault, InputError

FORMATS = (".txt", ".jsonl", ".json", ".parquet")
_DOCUMENT = re.compile(r"(?:pmid|pmcid|pmc|doi|nct):\S+", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]")


def strings(value: Any) -> Iterator[str]:
    """Yield every string inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from strings(part)


def is_text(text: str) -> bool:
    """Return whether a string is long enough to be a text: five words, or eight Han characters."""
    return len(_HAN.findall(text)) >= 8 or len(text.split()) >= 5


def protected_file(path: Path) -> list[Item]:
    """Return what a file protects.

    Raises:
        InputError: it cannot be read, or holds no text.
    """
    items = list(rows_of(path, _item))
    if not any(item.documents or item.wholes for item in items):
        raise InputError(Fault(str(path), "texts or document ids to protect", "none"))
    return items


def rows_of(path: Path, make: Any) -> Iterator[Any]:
    """Yield `make(name, row)` of every row of a file; its name is "file:line".

    Raises:
        InputError: the file cannot be read.
    """
    if path.suffix not in FORMATS:
        raise InputError(
            Fault(str(path), f"a file of {', '.join(FORMATS)}", path.suffix or "no suffix")
        )
    try:
        for number, row in enumerate(_READERS[path.suffix](path), 1):
            yield make(f"{path.name}:{number}", row)
    except OSError as error:
        raise InputError(
            Fault(str(path), "a readable file", error.strerror or str(error))
        ) from error
    except (
        ValueError,
        pa.ArrowInvalid,
    ) as error:  # JSONDecodeError and UnicodeDecodeError are ValueErrors
        raise InputError(Fault(str(path), f"a {path.suffix} file", str(error))) from error


def _item(name: str, row: Any) -> Item:
    if isinstance(row, str):
        if _DOCUMENT.fullmatch(row.strip()):
            return Item(name, [bare_document(row.strip())], [], [])
        return Item(name, [], [row], [row]) if row.strip() else Item(name, [], [], [])
    texts = [text for text in strings(row) if is_text(text)]
    return Item(name, documents_in(row), texts, texts)


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8-sig") as file:
        for line in file:
            yield line.rstrip("\n")


def _json_lines(path: Path) -> Iterator[Any]:
    for line in _lines(path):
        if line.strip():
            yield json.loads(line)


def _json(path: Path) -> Iterator[Any]:
    loaded = json.loads(path.read_text(encoding="utf-8-sig"))
    yield from loaded if isinstance(loaded, list) else [loaded]


def _parquet(path: Path) -> Iterator[Any]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(2000):
            yield from batch.to_pylist()


_READERS = {".txt": _lines, ".jsonl": _json_lines, ".json": _json, ".parquet": _parquet}
