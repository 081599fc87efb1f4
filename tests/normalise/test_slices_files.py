"""Many files in slices: members of an archive, documents with their annotations, adapted rows, lists of ids."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.adapters import adapter, adapters, row_by_row
from taiyi_corpus.normalise.sliced import normalise_slice, slices_of
from taiyi_corpus.normalise.store import Job, normalise_dataset
from taiyi_corpus.normalise.stream import PlaceUnknown
from taiyi_corpus.readers import slices
from taiyi_corpus.readers.row import Row
from taiyi_corpus.sources.locate import locate
from tests.normalise.test_slices import KEYED, in_slices, lines, records
from tests.toys import dataset

PLAIN = {"format": "jsonl"}
ENTITIES = {"entities": {"Drug": {"en": "drug", "zh": "药物"}}}


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE", 300)


def job(folder: Path, cache: str, files: list[str], **given: Any) -> Job:
    source: dict[str, Any] = {"files": files} | given.pop("source", {})
    spec = dataset(splits={"train": {"sources": [source]}}, **given)
    return Job(locate(spec, folder / "data"), "raw", str(folder / cache))


def write(folder: Path, files: dict[str, str], packed: str | None) -> None:
    """Write files below `data`, in a folder or into an archive."""
    (folder / "data").mkdir()
    if packed is not None:
        with zipfile.ZipFile(folder / "data" / packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return
    for name, text in files.items():
        path = folder / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def check(folder: Path, files: list[str], **given: Any) -> None:
    whole = normalise_dataset(job(folder, "whole", files, **given))
    sliced = in_slices(job(folder, "sliced", files, **given))

    assert records(sliced)
    assert records(sliced) == records(whole)
    assert sliced.tallies == whole.tallies
    assert lines(sliced) == lines(whole)


def said(file: int, rows: int = 20) -> str:
    return "".join(
        json.dumps({"id": f"{file % 7}-{n}", "text": f"{file} {n}"}) + "\n" for n in range(rows)
    )


def document(number: int) -> dict[str, str]:
    ann = "T1\tDrug 0 7\tAspirin\n" if number % 5 else "T1\tDrug 0 7\tnothing\nT2\tDrug\n"
    return {f"set/{number:03d}.txt": f"Aspirin helps {number}.\n", f"set/{number:03d}.ann": ann}


@pytest.mark.parametrize("packed", [None, "all.zip"])
@pytest.mark.parametrize("map_", [KEYED, {"text": "text"}])
def test_lines_of_many_files(tmp_path: Path, packed: str | None, map_: dict[str, Any]) -> None:
    files = {f"f{n:02d}.jsonl": '\n{"\n' + said(n) for n in range(9)}
    write(tmp_path, files, packed)

    check(tmp_path, ["*.jsonl"], reader=PLAIN, map=map_)


@pytest.mark.parametrize("packed", [None, "set.zip"])
def test_texts_stay_with_their_annotations(tmp_path: Path, packed: str | None) -> None:
    files = {name: text for n in range(30) for name, text in document(n).items()}
    write(tmp_path, files, packed)
    spec = {"tasks": ["ner"], "labels": ENTITIES, "reader": {"format": "brat"}}

    check(tmp_path, ["set/*"], **spec)


def test_documents_that_lack_files_are_read_together(tmp_path: Path) -> None:
    files = {name: text for n in range(30) for name, text in document(n).items()}
    del files["set/007.ann"]
    write(tmp_path, files, None)

    assert (
        slices_of(
            job(tmp_path, "x", ["set/*"], tasks=["ner"], labels=ENTITIES, reader={"format": "brat"})
        )
        == []
    )


def test_rows_without_keys_in_files_that_are_not_counted_are_read_whole(tmp_path: Path) -> None:
    write(tmp_path, {f"{n}.json": json.dumps([{"text": "x" * 90}] * 9) for n in range(4)}, None)
    pieces = slices_of(
        job(tmp_path, "x", ["*.json"], reader={"format": "json"}, map={"text": "text"})
    )

    assert pieces
    with pytest.raises(PlaceUnknown):
        normalise_slice(pieces[0])


def test_a_list_of_ids_chooses_in_each_slice(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"all.jsonl": said(1, 60), "ids.txt": "\n".join(f"1-{n}" for n in range(0, 60, 2))},
        None,
    )
    ids = {"file": "ids.txt", "format": "lines", "key": "id"}

    check(tmp_path, ["all.jsonl"], reader=PLAIN, map=KEYED, source={"only": ids})


def test_rows_are_adapted_in_each_slice(tmp_path: Path) -> None:
    rows = [
        {"input": f"Is it {n}?", "output": "2+3=5\nYes."} if n % 4 else {"id": 3} for n in range(60)
    ]
    write(tmp_path, {"all.jsonl": '{"\n' + "".join(json.dumps(row) + "\n" for row in rows)}, None)

    check(
        tmp_path,
        ["all.jsonl"],
        reader=PLAIN,
        adapter="final_answer",
        map={"question": "input", "rationale": "rationale"},
        tasks=["cot"],
    )


def test_an_adapter_that_joins_rows_reads_them_together(tmp_path: Path) -> None:
    write(tmp_path, {"all.jsonl": said(1, 60)}, None)

    assert (
        slices_of(job(tmp_path, "x", ["all.jsonl"], reader=PLAIN, adapter="sentence_labels")) == []
    )


def test_a_damaged_slice_of_an_earlier_run_is_made_again(tmp_path: Path) -> None:
    write(tmp_path, {"all.jsonl": said(1, 60)}, None)
    given = {"reader": PLAIN, "map": KEYED}
    whole = normalise_dataset(job(tmp_path, "whole", ["all.jsonl"], **given))
    first = slices_of(job(tmp_path, "sliced", ["all.jsonl"], **given))[0]
    part = Path(normalise_slice(first)) / "train-00000.parquet"
    part.write_bytes(part.read_bytes()[:-9] + b"?" * 9)

    assert records(in_slices(job(tmp_path, "sliced", ["all.jsonl"], **given))) == records(whole)


@pytest.mark.parametrize("name", [name for name in adapters() if row_by_row(name)])
def test_adapters_that_say_so_make_one_row_of_each_row_by_itself(name: str) -> None:
    lines = ["id=1", "https://example.org", "Dialogue", "Patient:", "Hi."]
    texts = {"zh": "你 好", "en": "Hi ."}
    found = [{"output": f"2+3=5\nSo {n}.", "lines": lines, **texts} for n in range(3)]
    apart = [
        list(adapter(name)(iter([Row(f"f:{n}", None, dict(row))]), {}))
        for n, row in enumerate(found)
    ]
    together = adapter(name)(
        iter([Row(f"f:{n}", None, dict(row)) for n, row in enumerate(found)]), {}
    )

    assert [len(rows) for rows in apart] == [1, 1, 1]
    assert [row for rows in apart for row in rows] == list(together)


def test_rows_that_are_cut_have_keys_or_are_read_together(tmp_path: Path) -> None:
    rows = [
        {"parts": [{"id": f"{n}-{k}", "text": f"{n} {k}"} for k in range(1 + n % 3)]}
        for n in range(40)
    ]
    write(tmp_path, {"all.jsonl": "".join(json.dumps(row) + "\n" for row in rows)}, None)
    given = {"reader": PLAIN, "map": KEYED, "rows": {"each": "parts"}}
    counted = given | {"rows": {"each": "parts", "row": "number"}}

    check(tmp_path, ["all.jsonl"], **given)
    assert slices_of(job(tmp_path, "x", ["all.jsonl"], **counted)) == []
    with pytest.raises(PlaceUnknown):
        for piece in slices_of(
            job(tmp_path, "y", ["all.jsonl"], **given | {"map": {"text": "text"}})
        ):
            normalise_slice(piece)


def test_small_files_of_a_zip_make_as_many_slices_as_those_of_a_folder(tmp_path: Path) -> None:
    files = {f"c/{n:02}{end}": "Foomab " * 9 for n in range(40) for end in (".txt", ".ann")}
    counts = []
    for packed in (None, "c.zip"):
        folder = tmp_path / str(packed)
        folder.mkdir()
        write(folder, files, packed)
        counts.append(len(slices_of(job(folder, "cache", ["c/*"], reader={"format": "brat"}))))
    assert counts == [14, 14]  # what is packed otherwise makes eight at most
