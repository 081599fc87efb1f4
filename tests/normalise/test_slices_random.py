"""Random tables and JSON lines, cut at every size: the records, drops and places are those of reading them whole."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from taiyi_corpus.normalise.sliced import normalise_slice, slices_of
from taiyi_corpus.normalise.store import Job, StoredDataset, normalise_dataset
from taiyi_corpus.readers import reader, slices
from taiyi_corpus.sources.member import Member
from tests.normalise.test_slices import KEYED, TEXT, job, lines, records

ENDS = st.sampled_from(["\n", "\r\n", "\n\n", "\r", "\n \r\n"])
CELLS = st.text(st.sampled_from('ab药"\n\r,;\ufeff\u2028 \0'), max_size=8)
MARKS = st.sampled_from(["", "\ufeff"])


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Rows of two cells, quoted or not, some of them broken."""
    text = draw(MARKS) + "id,text" + draw(st.sampled_from(["\n", "\r\n"]))
    for number in range(draw(st.integers(3, 12))):
        key, cell = f"k{draw(st.integers(0, number))}", draw(CELLS)
        shown = draw(st.sampled_from([quoted(cell), quoted(cell), cell]))
        text += draw(st.sampled_from([f"{key},{shown}", f"{key},{shown}", shown])) + draw(ENDS)
    return text


@st.composite
def json_lines(draw: st.DrawFn) -> str:
    text = draw(MARKS)
    for number in range(draw(st.integers(3, 12))):
        row = {"id": f"k{draw(st.integers(0, number))}", "text": draw(CELLS)}
        line = json.dumps(row, ensure_ascii=draw(st.booleans()))
        whole = st.sampled_from([line, line, line, line[:-2], "\u3000", "[1]", "null"])
        text += draw(whole) + draw(ENDS)
    return text


def outcome(stored: StoredDataset) -> tuple[Any, ...]:
    return records(stored), stored.tallies, lines(stored)


def check(
    folder: Path, data: bytes, reader_: dict[str, Any], map_: dict[str, Any], size: int
) -> None:
    whole = job(folder, data, reader_, map_, "whole")
    sliced = job(folder, data, reader_, map_, "sliced")
    wanted = outcome(normalise_dataset(whole))
    before, slices.SLICE = slices.SLICE, size
    try:
        made = [normalise_slice(piece) for piece in slices_of(sliced)]
    finally:
        slices.SLICE = before
    found = normalise_dataset(Job(sliced.located, sliced.origin, sliced.cache, made))
    assert outcome(found) == wanted


@settings(max_examples=60, deadline=None)
@given(st.one_of(tables().map(lambda t: (t, "csv")), json_lines().map(lambda t: (t, "jsonl"))),
       st.sampled_from([KEYED, TEXT]), st.integers(1, 120))  # fmt: skip
def test_records_drops_and_places_are_those_of_the_whole(
    made: tuple[str, str], map_: dict[str, Any], size: int
) -> None:
    text, format = made
    with tempfile.TemporaryDirectory() as folder:
        check(Path(folder), text.encode(), {"format": format}, map_, size)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["gb18030", "gbk"]), st.text("ab药丂,\n\r", min_size=30, max_size=90),
       st.integers(1, 40))  # fmt: skip
def test_encodings_whose_second_bytes_look_like_letters(
    encoding: str, text: str, size: int
) -> None:
    reader_ = {"format": "csv", "options": {"encoding": encoding, "ragged": "pad"}}
    with tempfile.TemporaryDirectory() as folder:
        check(Path(folder), b"text,b\n" + text.encode(encoding), reader_, TEXT, size)


@settings(max_examples=40, deadline=None)
@given(tables(), st.integers(1, 60))
def test_a_slice_holds_what_its_bytes_say(text: str, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(text.encode())
        member = Member("t.csv", path, None, path.stat().st_size)
        before, slices.SLICE = slices.SLICE, size
        try:
            cuts = slices.scan("csv", member, {})
        finally:
            slices.SLICE = before
        assert cuts is not None
        edges = [(cut.start, cut.end) for cut in cuts]
        assert [end for _, end in edges[:-1]] == [start for start, _ in edges[1:]]
        rows = [row for cut in cuts[:-1] for row in slices.read("csv", member, cut, {})]
        assert rows == list(reader("csv")([member]))
