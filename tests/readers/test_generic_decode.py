"""Every reader of text: encodings, byte order marks, damaged files."""

import gzip
from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError, SourceError
from taiyi_corpus.readers import options_of, reader
from tests.readers.members import data, make_member

CSV = "name,note\n甲,发热\n"
WRITTEN = {
    "csv": (CSV, {}, [{"name": "甲", "note": "发热"}]),
    "json": ('[{"name": "甲"}]', {}, [{"name": "甲"}]),
    "jsonl": ('{"name": "甲"}\n', {}, [{"name": "甲"}]),
    "lines": ("甲\n", {}, [{"line": 1, "text": "甲"}]),
    "text": ("甲\n", {}, [{"stem": "a", "folder": "", "name": "a.txt", "text": "甲\n"}]),
    "blocks": ("甲\n乙\n", {"start": "甲"}, [{"lines": ["甲", "乙"]}]),
}
FORMATS = pytest.mark.parametrize("name", WRITTEN)


@FORMATS
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-16"])
def test_the_encoding_is_an_option(tmp_path: Path, name: str, encoding: str) -> None:
    content, options, wanted = WRITTEN[name]
    member = make_member(tmp_path, content.encode(encoding))
    assert data(reader(name)([member], encoding=encoding, **options)) == wanted


@FORMATS
def test_a_byte_order_mark_is_left_out(tmp_path: Path, name: str) -> None:
    content, options, wanted = WRITTEN[name]
    member = make_member(tmp_path, b"\xef\xbb\xbf" + content.encode())
    assert data(reader(name)([member], **options)) == wanted


@FORMATS
def test_a_wrong_encoding_names_the_byte_and_a_likely_encoding(tmp_path: Path, name: str) -> None:
    content, options, _ = WRITTEN[name]
    raw = b"\n\n" + content.encode("gbk")
    with pytest.raises(SourceError) as caught:
        list(reader(name)([make_member(tmp_path, raw)], **options))
    (fault,) = caught.value.faults
    at = raw.index("甲".encode("gbk"))
    line = raw[:at].count(b"\n") + 1
    assert fault.where == f"a.txt:{line}"
    assert fault.wanted == "utf-8 text"
    assert fault.found.endswith(f"at byte {at}")
    assert "gb18030" in fault.hint


def test_the_place_is_right_beyond_the_first_piece_of_a_large_file(tmp_path: Path) -> None:
    raw = "甲乙丙\n".encode() * 150_000 + b"ab\xff\n"
    with pytest.raises(SourceError, match=rf"a.txt:150001: .*bytes ff at byte {len(raw) - 2}\."):
        list(reader("lines")([make_member(tmp_path, raw)]))


def test_a_character_cut_off_at_the_end_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"a.txt:2: wanted gbk text, found bytes bc at byte 3\."):
        list(reader("lines")([make_member(tmp_path, b"ok\n\xbc")], encoding="gbk"))


def test_a_file_that_no_likely_encoding_fits_may_be_damaged(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="may be damaged"):
        list(reader("lines")([make_member(tmp_path, b"\x81\x00\xff\n")]))


@FORMATS
def test_an_unknown_encoding_is_an_error_of_the_options(tmp_path: Path, name: str) -> None:
    content, options, _ = WRITTEN[name]
    with pytest.raises(InputError, match="found 'gkb'"):
        list(reader(name)([make_member(tmp_path, content)], encoding="gkb", **options))


@FORMATS
def test_a_packed_file_cut_short_is_an_error(tmp_path: Path, name: str) -> None:
    _, options, _ = WRITTEN[name]
    packed = gzip.compress(bytes(range(32, 127)) * 100)[:-12]
    with pytest.raises(SourceError):
        list(reader(name)([make_member(tmp_path, packed, "a.txt.gz")], **options))


@pytest.mark.parametrize("name", [*WRITTEN, "xlsx", "xml"])
def test_options_are_keywords_and_the_members_are_not(name: str) -> None:
    options = options_of(name)
    assert options
    assert "members" not in options
