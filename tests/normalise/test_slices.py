"""Large files in slices: records, counts and drops are those of reading a file whole, wherever it is cut."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.normalise import store
from taiyi_corpus.normalise.join import changes
from taiyi_corpus.normalise.sliced import normalise_slice, slices_of
from taiyi_corpus.normalise.store import Job, StoredDataset, normalise_dataset, read_part
from taiyi_corpus.normalise.stream import id_hash
from taiyi_corpus.readers import slices
from taiyi_corpus.schema.arrow import from_table
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import locate
from tests.toys import dataset


def rows(n: int, **fields: Any) -> list[str]:
    return [
        json.dumps({"id": f"k{i}", "text": f"text {i} 药"} | fields, ensure_ascii=False)
        for i in range(n)
    ]


TEXT = {"text": "text"}
KEYED = {"id": "id", "text": "text"}
CSV = {"format": "csv"}
MORE: dict[str, Any] = {}  # keys of the registry entry
CASES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "ids of their own": ("\n".join(rows(40)), {}, KEYED),
    "positions as ids": ("\n".join(rows(40)) + "\n", {}, TEXT),
    "broken and blank lines": (
        "\ufeff" + "\n".join([*rows(9), "", "{", "\u3000", *rows(9), "  ", '{"text": ""}', "[", "3"]), {}, TEXT,
    ),
    "the same records again": ("\n".join([*rows(15), *rows(15), *rows(3)]), {}, KEYED),
    "other records of one id": (
        "\n".join([*rows(9), *rows(9, text="other"), *rows(9, text="third"), *rows(9, text="other")]), {}, KEYED,
    ),
    "an id that another was given": (
        "\n".join([*rows(3), *rows(3, text="b"), '{"id": "k1-2", "text": "c"}', '{"id": "k1-2", "text": "d"}',
                   *rows(3, text="e"), '{"id": "k1-3", "text": "f"}', '{"id": "k1-2", "text": "d"}']), {}, KEYED,
    ),
    "quoted line ends": (
        "id,text\n" + "".join(f'{i},"one\ntwo ""{i}""\n\nthree"\n' for i in range(30)), CSV, KEYED,
    ),
    "quotes out of place": (
        "text\n" + 'a"b\n"c\nd"\n' * 9 + '"x"y\n' + "fine\n" * 9 + '"never closed\n' + "z\n" * 20, CSV, TEXT,
    ),
    "ragged rows": ("id,text\n" + "a,b\nc\n\nd,e,f\n" * 12, CSV, KEYED),
    "a quote like any other": (
        'skip "me"\nid\ttext\n' + "".join(f'{i}\ta "quote {i}\n' for i in range(30)),
        {"format": "csv", "options": {"delimiter": "\t", "quoting": "none", "skip": 1}}, KEYED,
    ),
    "no header": (
        "".join(f"{i},b{i}\n" for i in range(60)),
        {"format": "csv", "options": {"header": False, "columns": ["id", "text"]}}, KEYED,
    ),
}  # fmt: skip


def job(folder: Path, text: bytes, reader: dict[str, Any], map: dict[str, Any], cache: str) -> Job:
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "train.jsonl").write_bytes(text)
    spec = dataset(reader=reader or {"format": "jsonl"}, map=map, **MORE)
    return Job(locate(spec, folder / "data"), "raw", str(folder / cache))


def in_slices(whole: Job) -> StoredDataset:
    made = [normalise_slice(piece) for piece in slices_of(whole)]
    assert len(made) > 1
    return normalise_dataset(Job(whole.located, whole.origin, whole.cache, made))


def records(stored: StoredDataset) -> list[Record]:
    return [r for part in stored.parts for r in from_table(read_part(part.path))]


def lines(stored: StoredDataset) -> list[tuple[str, ...]]:
    return sorted(map(tuple, (line.values() for line in pq.read_table(stored.drops).to_pylist())))


@pytest.mark.parametrize("size", [50, 120, 700])
@pytest.mark.parametrize("case", CASES)
def test_slices_are_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, size: int
) -> None:
    monkeypatch.setattr(slices, "SLICE", size)
    text, reader, map_ = CASES[case]
    if len(text.encode()) <= 2 * size:
        size = len(text.encode()) // 3
        monkeypatch.setattr(slices, "SLICE", size)
    whole = normalise_dataset(job(tmp_path, text.encode(), reader, map_, "whole"))
    sliced = in_slices(job(tmp_path, text.encode(), reader, map_, "sliced"))

    assert records(sliced) == records(whole)
    assert sliced.tallies == whole.tallies
    assert lines(sliced) == lines(whole)
    assert not list((tmp_path / "sliced" / "slices").rglob("*.parquet"))


def test_bytes_that_do_not_decode_spoil_their_row_in_any_slice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "SLICE", 60)
    reader = {"format": "csv", "options": {"bad_bytes": "row"}}
    text = b"id,text\n" + b"".join(b"%d,a\xff\n%d,b\n" % (n, n) for n in range(20))
    whole = normalise_dataset(job(tmp_path, text, reader, KEYED, "whole"))
    sliced = in_slices(job(tmp_path, text, reader, KEYED, "sliced"))

    assert records(sliced) == records(whole)
    assert sliced.tallies == whole.tallies
    assert lines(sliced) == lines(whole)


def test_left_out_annotations_of_repeated_ids_are_told_by_reading_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "SLICE", 400)
    bad = [{"type": "X", "spans": [[0, 2]], "text": "no"}]
    text = "\n".join([*rows(9, entities=bad), *rows(9, entities=bad, text="other")])
    map_ = KEYED | {"entities": {"spans": "spans"}}
    fault = {"fault": "span_mismatch", "count": {"train": 18}, "resolve": "drop", "note": "one off"}
    monkeypatch.setitem(MORE, "known_faults", [fault])
    whole = normalise_dataset(job(tmp_path, text.encode(), {}, map_, "whole"))
    sliced = in_slices(job(tmp_path, text.encode(), {}, map_, "sliced"))

    assert records(sliced) == records(whole)
    assert lines(sliced) == lines(whole)


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        (b"{}\n" * 100, {"format": "jsonl", "options": {"encoding": "utf-16"}}),
        (b"id,text\n" + b"\xff" * 500, CSV),
        (b"", CSV),
    ],
)
def test_what_cannot_be_cut_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes, reader: dict[str, Any]
) -> None:
    monkeypatch.setattr(slices, "SLICE", 60)
    assert slices_of(job(tmp_path, text, reader, KEYED, "cache")) == []


def test_what_is_stored_is_not_cut_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE", 60)
    whole = job(tmp_path, "\n".join(rows(9)).encode(), {}, KEYED, "cache")
    assert slices_of(whole)
    store.normalise_dataset(whole)

    assert slices_of(whole) == []


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "a-2", "a-3", "a-2-2"]), st.integers(0, 3)),
        max_size=14,
    )
)
def test_ids_are_told_apart_as_in_one_go(stated: list[tuple[str, int]]) -> None:
    taken: dict[str, int] = {}
    wanted: list[str | None] = []
    for id_, content in stated:
        mine, number = id_, 1
        while mine in taken and taken[mine] != content:
            number += 1
            mine = f"{id_}-{number}"
        wanted.append(None if mine in taken else mine)
        taken.setdefault(mine, content)

    ids = np.array([id_hash(id_) for id_, _ in stated], np.uint64)
    contents = np.array([content for _, content in stated], np.uint64)
    made = changes(
        ids, lambda rows: {row: int(contents[row]) for row in rows}, lambda at: stated[at][0]
    )
    assert [made.get(at, id_) for at, (id_, _) in enumerate(stated)] == wanted
