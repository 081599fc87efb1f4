"""What is scored: the rows of a build, and a text for each by its id."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus.errors import Fault, InputError

NEEDED = ("id", "messages", "task", "instruction_language", "dataset", "style", "gold")
_ALSO = ("language", "split", "options", "benchmark", "template")
_MOST = 20  # faults shown of one file
Row = dict[str, Any]


def read_rows(against: Path) -> list[Row]:
    """Return the rows of a build folder, a Parquet file or a JSON lines file, in the order of their ids.

    Raises:
        InputError: nothing is there, a column is missing, an id occurs twice.
    """
    files = _files(against)
    rows = [
        row
        for file in files
        for row in (_parquet(file) if file.suffix == ".parquet" else _lines(file))
    ]
    rows.sort(key=lambda row: str(row["id"]))
    ids = [row["id"] for row in rows]
    if twice := sorted({a for a, b in pairwise(ids) if a == b}):
        raise InputError(
            Fault(
                str(against), "ids that occur once", f"{twice[0]!r} and {len(twice) - 1} more twice"
            )
        )
    if not rows:
        raise InputError(Fault(str(against), "rows to score against", "none"))
    return rows


def read_predictions(path: Path, known: Mapping[str, Any]) -> dict[str, str]:
    """Return id -> text of a JSON lines file of {"id", "prediction"} or {"id", "messages"}.

    Raises:
        InputError: every line that is neither, an id that is not known, and one that occurs twice.
    """
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for number, value in _json_lines(path):
        where = f"{path}:{number}"
        id_, text = value.get("id"), _text(value)
        if not isinstance(id_, str) or text is None:
            wanted = 'an object {"id", "prediction"} or {"id", "messages"}'
            faults.append(Fault(where, wanted, f"the keys {', '.join(map(str, value)) or 'none'}"))
        elif id_ not in known:
            faults.append(Fault(where, "the id of a row of the build", repr(id_)))
        elif id_ in found:
            faults.append(Fault(where, "one prediction a row", f"{id_!r} again"))
        else:
            found[id_] = text
    if faults:
        more = len(faults) - _MOST
        if more > 0:
            faults = [*faults[:_MOST], Fault(str(path), "no more faults", f"{more:,} more")]
        raise InputError(faults)
    return found


def _text(value: Mapping[str, Any]) -> str | None:
    if isinstance(text := value.get("prediction"), str):
        return text
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages or not isinstance(messages[-1], dict):
        return None
    last = messages[-1]
    text = last.get("content")
    return text if last.get("role") == "assistant" and isinstance(text, str) else None


def _files(against: Path) -> list[Path]:
    if against.is_file():
        return [against]
    for pattern in ("data/**/*.parquet", "**/*.parquet", "*.jsonl"):
        # ledger.parquet and the like lie beside the data, and are no rows.
        if files := [
            file for file in sorted(against.glob(pattern)) if file.name != "ledger.parquet"
        ]:
            return files
    raise InputError(
        Fault(str(against), "a build, a Parquet file or a JSON lines file", "none of them")
    )


def _parquet(file: Path) -> list[Row]:
    try:
        names = pq.read_schema(file).names
        _refuse_missing(file, names)
        columns = [name for name in (*NEEDED, *_ALSO) if name in names]
        rows: list[Row] = pq.read_table(file, columns=columns).to_pylist()
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(Fault(str(file), "a Parquet file", str(error).splitlines()[0])) from error
    return rows


def _lines(file: Path) -> list[Row]:
    rows = []
    for number, value in _json_lines(file):
        _refuse_missing(f"{file}:{number}", value)
        if not isinstance(value["gold"], str):
            value["gold"] = json.dumps(value["gold"], ensure_ascii=False)
        rows.append(value)
    return rows


def _refuse_missing(where: Path | str, names: Any) -> None:
    if missing := [name for name in NEEDED if name not in names]:
        hint = "Rows are those that `taiyi-corpus build` writes."
        raise InputError(
            Fault(str(where), "the columns of a build", f"no {', '.join(missing)}", hint)
        )


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(
            Fault(str(path), "a readable file", error.strerror or str(error))
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            Fault(str(path), "UTF-8 text", f"the byte 0x{error.object[error.start]:02x}")
        ) from error
    faults = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            faults.append(Fault(f"{path}:{number}", "a JSON object", str(error)))
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            faults.append(Fault(f"{path}:{number}", "a JSON object", type(value).__name__))
    if faults:
        raise InputError(faults[:_MOST])
