"""Files read in batches: the rows, cells and places are those of reading row by row."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taiyi_corpus.errors import SourceError
from taiyi_corpus.readers import batches, json_batches, json_documents, reader, table_batches
from taiyi_corpus.readers.batch import Batch
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

CELLS = [
    "",
    "a",
    "药",
    '"',
    'x"y',
    ",",
    "\n",
    "a\nb",
    "\r\n",
    "\r",
    " ",
    "\ufeff",
    "\0",
    "\u2028",
    "1",
]
ENDS = ["\n", "\n", "\n", "\r\n", "\n\n"]


def member(folder: Path, data: bytes) -> Member:
    path = folder / "data"
    path.write_bytes(data)
    return Member("data", path, None, len(data))


def in_batches(format: str, data: bytes, options: dict[str, Any], folder: Path) -> list[Batch]:
    return list(batches.read(format, [member(folder, data)], None, options))


def outcome(
    format: str, data: bytes, options: dict[str, Any]
) -> tuple[list[Row | BadRow] | None, list[Batch]]:
    """Return the rows as the reader gives them, None where it refuses the file; and the batches."""
    with tempfile.TemporaryDirectory() as name:
        try:
            rows = list(reader(format)([member(Path(name), data)], **options))
        except SourceError:
            with pytest.raises(SourceError):
                in_batches(format, data, options, Path(name))
            return None, []
        return rows, in_batches(format, data, options, Path(name))


def check(format: str, data: bytes, options: dict[str, Any]) -> None:
    rows, found = outcome(format, data, options)
    assert rows is None or [row for batch in found for row in batch.rows()] == rows
    for batch in found:
        rows = batch.rows()
        assert len(rows) == batch.count
        assert batch.places().to_pylist() == [row.where for row in rows]
        if batch.cells is not None:
            columns = {name: column.to_pylist() for name, column in batch.cells.items()}
            assert [plain(row.data) for row in rows if isinstance(row, Row)] == [
                plain(dict(zip(columns, row, strict=True)))
                for row in zip(*columns.values(), strict=True)
            ]
        if batch.objects is not None:
            assert [row.data for row in rows if isinstance(row, Row)] == batch.objects()


def plain(data: Any) -> str:
    """Return data as text; a field that is null is as one that is not there."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: bare(inner) for name, inner in value.items() if inner is not None}
        return list(map(bare, value)) if isinstance(value, list) else value

    return json.dumps(bare(data), sort_keys=True)


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@st.composite
def tables(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(["", "\ufeff", "x,y\n", "\ufeffx,y\r\n"]))
    for _ in range(draw(st.integers(0, 7))):
        cells = draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=3))
        cells = cells if draw(st.integers(0, 9)) == 0 else [*cells, "z"][:2]
        text += ",".join(quoted(c) if draw(st.booleans()) else c for c in cells)
        text += draw(st.sampled_from(ENDS))
    return text.rstrip("\n") if draw(st.booleans()) else text


OPTIONS = st.fixed_dictionaries(
    {"header": st.just(False), "columns": st.sampled_from([["x", "y"], ["x", ""]])},
    optional={
        "quoting": st.just("none"),
        "ragged": st.just("pad"),
        "bad_bytes": st.just("row"),
        "encoding": st.sampled_from(["gb18030", "utf-8-sig"]),
    },
)


@settings(max_examples=150, deadline=None)
@given(tables(), OPTIONS, st.integers(3, 60), st.booleans())
def test_any_table_is_read_as_row_by_row(
    text: str, options: dict[str, Any], size: int, broken: bool
) -> None:
    encoding = options.get("encoding", "utf-8").removesuffix("-sig")
    data = text.encode(encoding) + (b"\xff,\xff\n" if broken else b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_batches, "BLOCK", size)
        check("csv", data, options)


LINES = [
    '{"a": 1}',
    '{"a": "药"}',
    '{"a": "\\ud83d"}',
    '{"a": NaN}',
    "[1]",
    "null",
    "{",
    " ",
    "\u3000",
    '{"a":1}}',
    "\xff",
    '{"a":1} {"a":2}',
    '{"a":{"b":1}',
    '{"a": "x", "b": null}',
    '{"b": "y", "a": "x"}',
    '{"a": 1, "a": 2}',
    '{"a": 1.5}',
    '{"a": -0}',
    '{"a": 1e400}',
    '{"a": 9223372036854775808}',
    '{"a": {"x": "1", "y": null}}',
    '{"a": {"y": [1, null]}}',
    '{"a": []}',
    '{"\\u0061": true}',
    '{"a": "\\n\\"\\\\"}',
    "{}",
]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["", "\ufeff"]),
    st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(ENDS)), max_size=6),
    st.integers(1, 40),
)
def test_any_json_lines_are_read_as_row_by_row(
    mark: str, lines: list[tuple[str, str]], size: int
) -> None:
    data = b"".join(
        (b"\xff" if line == "\xff" else line.encode()) + end.encode() for line, end in lines
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_batches, "BLOCK", size)
        check("jsonl", mark.encode() + data, {})


GAPS = st.sampled_from([",", ", ", ",\n  ", ",\r\n", "\n,", " ", ",,", ", x,", ", /**/"])
ELEMENTS = st.sampled_from(
    [*LINES, '{"a": "[}\\"{,"}', '{"a": [{"b": "]"}, {"b": "}"}]}', '"x"', "1"]
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["[", "\ufeff[", " [\n", "{", "[,", '[{"a": "x"}, ']),
    st.lists(st.tuples(ELEMENTS, GAPS), max_size=8),
    st.sampled_from(["]", "\n]\n", "", "]]", "] {}", ",]", "\\"]),
    st.integers(1, 60),
)
def test_any_json_document_is_read_as_row_by_row(
    head: str, elements: list[tuple[str, str]], tail: str, size: int
) -> None:
    text = head
    for number, (element, gap) in enumerate(elements, 1):
        text += element + (gap if number < len(elements) else "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_documents, "BLOCK", size)
        patch.setattr(json_documents, "SMALL", 0)
        check("json", (text + tail).encode(), {})


def test_a_list_of_objects_is_arrow_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_documents, "SMALL", 0)
    data = json.dumps([{"a": "[{", "b": n} for n in range(3)], indent=2).encode()
    (batch,) = outcome("json", data, {})[1]
    assert batch.cells is not None
    assert batch.cells["b"].to_pylist() == [0, 1, 2]
    assert batch.places().to_pylist() == ["data#0", "data#1", "data#2"]


def test_well_quoted_cells_are_arrow_columns() -> None:
    data = b'x,y\n1,"a ""b"", c\nd"\n"",\n'
    (batch,) = outcome("csv", data, {})[1]
    assert batch.cells is not None
    assert {name: column.to_pylist() for name, column in batch.cells.items()} == {
        "x": ["1", ""], "y": ['a "b", c\nd', ""],
    }  # fmt: skip
    assert batch.places().to_pylist() == ["data:2", "data:4"]


@pytest.mark.parametrize(
    "line", [b'a"b,1\n', b'"a"b,1\n', b"a\rb,1\n", b"a\0,1\n", b"a\n", b"a,b,c\n"]
)
def test_a_table_that_is_not_plain_is_left_to_the_reader(line: bytes) -> None:
    (batch,) = outcome("csv", b"x,y\n" + line + b"c,d\n", {})[1]
    assert batch.cells is None
    assert len(batch.rows()) == 2


def test_after_rows_that_are_not_plain_batches_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_batches, "BLOCK", 16)
    found = outcome("csv", b'x,y\n1,a"b\n' + b"2,c\n" * 20, {})[1]
    assert [batch.cells is None for batch in found[:3]] == [True, False, False]


@pytest.mark.parametrize(
    ("format", "options", "readable"),
    [
        ("csv", {}, True), ("csv", {"delimiter": "\t", "encoding": "gb18030"}, True),
        ("csv", {"encoding": "utf-16"}, False), ("csv", {"delimiter": "，"}, False), ("jsonl", {}, True),
        ("jsonl", {"encoding": "gb18030"}, False),
        ("jsonl", {"path": "rows"}, False), ("json", {}, True), ("json", {"keys": True}, False),
        ("json", {"encoding": "gb18030"}, False),
    ],
)  # fmt: skip
def test_which_files_are_read_in_batches(
    format: str, options: dict[str, Any], readable: bool
) -> None:
    assert batches.readable(format, options) is readable
