"""One large file of annotated documents, cut: the records, drops and counts are those of reading it whole."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.normalise.sliced import slices_of
from taiyi_corpus.readers import pubtator, slices
from taiyi_corpus.sources.member import Member
from tests.normalise.test_slices_files import ENTITIES, check, job

ANNOTATED: dict[str, Any] = {"tasks": ["ner"], "labels": ENTITIES}
PUBTATOR = ANNOTATED | {"reader": {"format": "pubtator"}}
BIOC = ANNOTATED | {"reader": {"format": "bioc_xml"}}
HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n<!DOCTYPE collection SYSTEM 'BioC.dtd'>\n<collection><source>x</source>"


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE", 300)


def lines(number: int) -> str:
    """One document: the fifth has a mention that does not fit, the seventh a broken line and no blank line."""
    pmid = number % 37
    said = f"{pmid}|t|Äspirin helps {number}.\n{pmid}|a|Really |t| so.\n"
    said += f"{pmid}\t0\t7\t{'Aspirin' if number % 5 == 0 else 'Äspirin'}\tDrug\tD{number}\n"
    return said + (f"{pmid}\t0\t7\n" if number % 7 == 0 else "\n")


def element(number: int) -> str:
    text = "Aspirin" if number % 5 else "nothing"
    id_ = "" if number % 7 == 0 else f"<id>{number % 37}</id>"
    return (
        f"<document>{id_}<passage><infon key='type'>title</infon><offset>0</offset><text>Aspirin helps {number}.</text>"
        f"<annotation id='1'><infon key='type'>Drug</infon><location offset='0' length='7'/><text>{text}</text>"
        "</annotation></passage></document>"
    )


def collection(count: int, head: str = HEAD, between: str = "\n") -> str:
    return f"{head}{between.join(map(element, range(count)))}\n</collection>\n"


def put(folder: Path, name: str, text: str, packed: str | None) -> list[str]:
    """Write one file below `data`: as it is, by itself packed, or into an archive; return how a dataset names it."""
    (folder / "data").mkdir()
    place = folder / "data" / name
    if packed == ".gz":
        place.with_name(f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    elif packed == ".zip":
        with zipfile.ZipFile(place.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, text)
    else:
        place.write_text(text, encoding="utf-8", newline="")
    return [name]


@pytest.mark.parametrize("packed", [None, ".gz", ".zip"])
def test_pubtator_is_cut_before_titles(tmp_path: Path, packed: str | None) -> None:
    files = put(tmp_path, "all.txt", "\n" + "".join(map(lines, range(80))), packed)
    check(tmp_path, files, **PUBTATOR)


@pytest.mark.parametrize("packed", [None, ".gz", ".zip"])
@pytest.mark.parametrize("between", ["", "\r\n "])
def test_bioc_is_cut_between_documents(tmp_path: Path, packed: str | None, between: str) -> None:
    files = put(tmp_path, "all.xml", collection(60, between=between), packed)
    check(tmp_path, files, **BIOC)


def test_what_is_packed_is_cut_into_a_few_slices(tmp_path: Path) -> None:
    files = put(tmp_path, "all.txt", "".join(map(lines, range(80))), ".gz")
    assert 4 < len(slices_of(job(tmp_path, "x", files, **PUBTATOR))) <= 8


@pytest.mark.parametrize(
    "text",
    [
        collection(60, head=HEAD.replace("UTF-8", "UTF-7")),
        collection(60, head=HEAD.replace("'BioC.dtd'", "'BioC.dtd' [<!ENTITY a 'b'>]")),
        collection(60, between="<!-- </document> -->"),
        collection(60).replace("helps 7.", "<![CDATA[</document>]]>"),
        collection(60).replace("</collection>", "<document/></collection>"),
        collection(60).replace("</collection>", ""),
        collection(60).replace("<collection>", "<corpus>"),
    ],
    ids=[
        "encoding",
        "entities",
        "comment",
        "raw characters",
        "empty element",
        "no end",
        "another root",
    ],
)
def test_xml_of_which_bytes_do_not_tell_all_is_read_whole(tmp_path: Path, text: str) -> None:
    files = put(tmp_path, "all.xml", text, None)
    assert slices_of(job(tmp_path, "x", files, **BIOC)) == []


_PIECES = st.sampled_from(
    [
        "1|t|A b\n",
        "22|t|C\n",
        "1|a|d|t|e\n",
        "22|a|\n",
        "1\t0\t1\tA\tX\n",
        "\n",
        "\r\n",
        "1\tx|t|\n",
        "|t|\n",
    ]
)


@given(st.lists(_PIECES).map("".join), st.integers(1, 40))
def test_slices_of_pubtator_hold_the_rows_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, text: str, size: int
) -> None:
    path = tmp_path_factory.mktemp("pubtator") / "a.txt"
    path.write_bytes(b"9|t|Start\n" + text.encode())
    member = Member("a.txt", path, None, path.stat().st_size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE", size)
        cuts = slices.scan("pubtator", member, {})
    assert cuts is not None
    rows = [row for cut in cuts[:-1] for row in slices.read("pubtator", member, cut, {})]
    assert rows == list(pubtator.read([member]))
