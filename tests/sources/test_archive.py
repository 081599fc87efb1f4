from __future__ import annotations

import random
import tarfile
import zipfile
from pathlib import Path

import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.sources import stream, zips
from taiyi_corpus.sources.archive import iter_open, list_archive
from taiyi_corpus.sources.member import Member
from tests.sources.make import ARCHIVES, PACKERS, make_tar, make_zip, read

FILES = {
    "corpus/a.txt": "甲：头痛三天。\n".encode(),
    "corpus/sub/b.ann": b"T1\tDrug 0 6\tFoomab\n",
    "c.tsv": b"id\ttext\n" * 200,
}


def inside(archive: Path, inner: str) -> Member:
    return Member(inner, archive, inner)


def listed(archive: Path) -> list[tuple[str, int]]:
    return [(entry.name, entry.size) for entry in list_archive(archive)]


def noise(size: int) -> bytes:
    """Bytes that do not compress."""
    return random.Random(7).randbytes(size)


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "SIZE_FLOOR", 10_000)
    monkeypatch.setattr(stream, "_BUFFER", 1_000)


# --- whole files --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ARCHIVES)
def test_every_kind_of_archive_gives_its_files(tmp_path: Path, kind: str) -> None:
    path = ARCHIVES[kind](tmp_path / f"x.{kind}", FILES)
    assert listed(path) == [(name, len(data)) for name, data in FILES.items()]
    assert {name: read(inside(path, name)) for name in FILES} == FILES


@pytest.mark.parametrize("kind", PACKERS)
def test_a_lone_compressed_file_is_one_member(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"x.json.{kind}"
    path.write_bytes(PACKERS[kind](b'{"id": 1}\n'))
    assert read(Member("x.json", path, "")) == b'{"id": 1}\n'


def test_a_gz_of_several_parts_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "x.txt.gz"
    path.write_bytes(PACKERS["gz"](b"one\n") + PACKERS["gz"](b"two\n"))
    assert read(Member("x.txt", path, "")) == b"one\ntwo\n"


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_a_gz_inside_an_archive_is_decompressed(tmp_path: Path, kind: str) -> None:
    path = ARCHIVES[kind](tmp_path / f"x.{kind}", {"a/x.json.gz": PACKERS["gz"](b"[1]")})
    assert read(Member("a/x.json", path, "a/x.json.gz")) == b"[1]"


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_an_open_member_outlives_what_opened_it_and_streams_by_line(
    tmp_path: Path, kind: str
) -> None:
    path = ARCHIVES[kind](tmp_path / f"x.{kind}", FILES)
    with inside(path, "c.tsv").open() as file:
        assert sum(1 for _ in file) == 200


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_litter_is_not_listed(tmp_path: Path, kind: str) -> None:
    litter = ["__MACOSX/a/._b.txt", "a/.DS_Store", "a/._b.txt", ".git/config"]
    path = ARCHIVES[kind](
        tmp_path / f"x.{kind}", {"a/b.txt": b"b"} | dict.fromkeys(litter, b"junk")
    )
    assert listed(path) == [("a/b.txt", 1)]


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "placeholder"), [("gbk", "QQQQ.csv"), ("utf-8", "QQQQQQ.csv")]
)
def test_zip_names_without_the_utf8_flag_are_decoded(
    tmp_path: Path, encoding: str, placeholder: str
) -> None:
    path = make_zip(tmp_path / "x.zip", {f"data/{placeholder}": b"1,2\n"})
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), "表格.csv".encode(encoding)))
    assert listed(path) == [("data/表格.csv", 4)]
    assert read(inside(path, "data/表格.csv")) == b"1,2\n"


def test_a_zip_name_that_is_neither_utf8_nor_gbk_stays_cp437(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"Q.csv": b""})
    path.write_bytes(path.read_bytes().replace(b"Q.csv", "é.csv".encode("cp437")))
    assert listed(path) == [("é.csv", 0)]


def test_tar_names_in_gbk_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    with tarfile.open(path, "w", encoding="gbk", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("病历.txt"))
    assert listed(path) == [("病历.txt", 0)]


def test_backslashes_part_folders_and_names_are_nfc(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"a\\b\\e\u0301.txt": b"1", "./c.txt": b"2"})
    assert listed(path) == [("a/b/\u00e9.txt", 1), ("c.txt", 1)]
    assert read(inside(path, "a/b/\u00e9.txt")) == b"1"


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
@pytest.mark.parametrize(
    "name",
    ["../x.txt", "a/../../x.txt", "/x.txt", "C:/x.txt", "C:x.txt", "..\\x.txt", "\\\\host\\x"],
)
def test_an_archive_with_a_name_that_leads_out_is_refused(
    tmp_path: Path, kind: str, name: str
) -> None:
    path = ARCHIVES[kind](tmp_path / f"x.{kind}", {"good.txt": b"", name: b"bad"})
    with pytest.raises(SourceError, match="a name inside the archive"):
        listed(path)


def test_all_bad_names_are_told_at_once(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"../a": b"", "ok": b"", "/b": b""})
    with pytest.raises(SourceError) as caught:
        listed(path)
    assert [fault.where.partition("#")[2] for fault in caught.value.faults] == ["../a", "/b"]


def test_a_name_given_twice_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"./a.txt": b"1", "a.txt": b"2"})
    with pytest.raises(SourceError, match="each name once"):
        listed(path)


# --- links and devices --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (tarfile.SYMTYPE, "../../etc/passwd"),
        (tarfile.SYMTYPE, "/etc/passwd"),
        (tarfile.LNKTYPE, "../b.txt"),
        (tarfile.CHRTYPE, ""),
        (tarfile.FIFOTYPE, ""),
    ],
)
def test_a_tar_with_a_link_leading_out_or_a_device_is_refused(
    tmp_path: Path, kind: bytes, target: str
) -> None:
    path = make_tar(tmp_path / "x.tar", {"a/b.txt": b"b"}, {"a/link": (kind, target)})
    with pytest.raises(SourceError, match=r"x\.tar#a/link"):
        listed(path)


@pytest.mark.parametrize(
    ("kind", "target"), [(tarfile.SYMTYPE, "../b.txt"), (tarfile.LNKTYPE, "b.txt")]
)
def test_a_link_inside_a_tar_is_an_error_only_when_it_is_read(
    tmp_path: Path, kind: bytes, target: str
) -> None:
    path = make_tar(tmp_path / "x.tar", {"b.txt": b"b"}, {"a/link": (kind, target)})
    assert dict(listed(path)).keys() == {"b.txt", "a/link"}
    assert read(inside(path, "b.txt")) == b"b"
    with pytest.raises(SourceError, match="wanted a file, found a link"):
        read(inside(path, "a/link"))


def zip_with_link(path: Path, target: str) -> Path:
    info = zipfile.ZipInfo("a/link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, target)
    return path


def test_a_zip_with_a_link_leading_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="links inside the archive"):
        listed(zip_with_link(tmp_path / "x.zip", "../../secret"))


def test_a_link_inside_a_zip_is_an_error_when_it_is_read(tmp_path: Path) -> None:
    path = zip_with_link(tmp_path / "x.zip", "b.txt")
    assert listed(path) == [("a/link", 5)]
    with pytest.raises(SourceError, match="wanted a file, found a link"):
        read(inside(path, "a/link"))


# --- damage -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ARCHIVES)
@pytest.mark.parametrize("kept", [0.0, 0.3, 0.8])
def test_an_archive_cut_short_is_one_clear_error(tmp_path: Path, kind: str, kept: float) -> None:
    path = ARCHIVES[kind](tmp_path / f"x.{kind}", {"a.txt": noise(60_000), "b.txt": noise(60_000)})
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(SourceError) as caught:
        listed(path)
    assert len(caught.value.faults) == 1
    assert path.name in caught.value.faults[0].where


def test_a_bare_tar_cut_between_two_members_is_an_error(tmp_path: Path) -> None:
    path = make_tar(tmp_path / "x.tar", {"a.txt": b"a" * 512, "b.txt": b"b" * 512})
    path.write_bytes(path.read_bytes()[:1024])
    with pytest.raises(SourceError, match="an end mark"):
        listed(path)


@pytest.mark.parametrize("kind", ["tar.gz", "tar.bz2", "tar.xz"])
def test_a_tar_whose_compression_is_cut_at_the_very_end_is_an_error(
    tmp_path: Path, kind: str
) -> None:
    path = make_tar(tmp_path / f"x.{kind}", FILES)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(SourceError, match="cut short"):
        listed(path)


@pytest.mark.parametrize("kind", PACKERS)
def test_a_lone_compressed_file_cut_short_is_a_clear_error(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"x.txt.{kind}"
    path.write_bytes(PACKERS[kind](noise(50_000))[:-10])
    with pytest.raises(SourceError, match="cut short"):
        read(Member("x.txt", path, ""))


@pytest.mark.parametrize("kind", PACKERS)
def test_what_only_says_that_it_is_compressed_is_a_clear_error(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"x.txt.{kind}"
    path.write_bytes(b"<html>Not found</html>")
    with pytest.raises(SourceError, match=path.name):
        read(Member("x.txt", path, ""))


def test_a_zip_member_with_flipped_bytes_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", b"zincol helps")
    path.write_bytes(path.read_bytes().replace(b"zincol", b"zincal"))
    with pytest.raises(SourceError, match="CRC"):
        read(inside(path, "a.txt"))


def test_a_zip_locked_by_a_password_is_a_clear_error(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"a.txt": b"secret"})
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flags in the local header
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    path.write_bytes(bytes(data))
    with pytest.raises(SourceError, match="password"):
        read(inside(path, "a.txt"))


def test_files_that_are_gone_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.txt"):
        Member("gone.txt", tmp_path / "gone.txt").open()
    for kind in ("zip", "tar.gz"):
        path = ARCHIVES[kind](tmp_path / f"x.{kind}", FILES)
        with pytest.raises(SourceError, match="none of that name"):
            inside(path, "gone.txt").open()


@pytest.mark.parametrize("suffix", [".rar", ".7z"])
def test_archives_without_a_free_decoder_have_to_be_unpacked_by_hand(
    tmp_path: Path, suffix: str
) -> None:
    with pytest.raises(SourceError, match="Unpack it by hand"):
        listed(tmp_path / f"x{suffix}")


# --- bombs --------------------------------------------------------------------------------------

ZEROS = bytes(3_000_000)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.bz2", "tar.xz"])
def test_an_archive_that_grows_too_much_is_refused(tmp_path: Path, kind: str) -> None:
    path = ARCHIVES[kind](tmp_path / f"x.{kind}", {"a.txt": ZEROS})
    with pytest.raises(SourceError, match="bomb"):
        listed(path)


@pytest.mark.usefixtures("small_limits")
def test_a_zip_member_that_grows_too_much_is_refused_when_opened(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"a.txt": ZEROS, "b.txt": noise(50_000)})
    assert len(listed(path)) == 2  # the archive as a whole stays below the ratio
    with pytest.raises(SourceError, match="bomb"):
        inside(path, "a.txt").open()


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("kind", PACKERS)
def test_a_lone_file_that_grows_too_much_is_stopped_while_it_is_read(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"x.txt.{kind}"
    path.write_bytes(PACKERS[kind](ZEROS))
    with Member("x.txt", path, "").open() as file:
        assert file.read(10) == bytes(10)
        with pytest.raises(SourceError, match="bomb"):
            file.read()


@pytest.mark.usefixtures("small_limits")
def test_a_gz_inside_an_archive_that_grows_too_much_is_stopped(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"a.txt.gz": PACKERS["gz"](ZEROS)})
    with pytest.raises(SourceError, match="bomb"):
        read(Member("a.txt", path, "a.txt.gz"))


@pytest.mark.usefixtures("small_limits")
def test_repetitive_text_is_no_bomb(tmp_path: Path) -> None:
    text = b"".join(b"%d\tPHENOTYPE\tchemical-induced disease\n" % i for i in range(20_000))
    path = make_zip(tmp_path / "x.zip", {"a.tsv": text})
    assert read(inside(path, "a.tsv")) == text


def test_single_members_and_their_number_have_limits_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_zip(tmp_path / "x.zip", {"a.txt": b"12345", "b.txt": b"1"})
    monkeypatch.setattr(stream, "MEMBER_LIMIT", 4)
    with pytest.raises(SourceError, match=r"x\.zip#a\.txt.*at most 4 bytes"):
        listed(path)
    monkeypatch.setattr(stream, "COUNT_LIMIT", 1)
    with pytest.raises(SourceError, match="at most 1 files"):
        listed(path)


# --- many members -------------------------------------------------------------------------------


def test_members_of_a_tar_are_read_in_one_pass_in_its_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_tar(tmp_path / "x.tar.gz", {f"{i}.txt": b"%d" % i for i in range(9)})
    opened: list[Path] = []
    real = stream.open_packed
    monkeypatch.setattr(
        stream, "open_packed", lambda path, *rest: opened.append(path) or real(path, *rest)
    )
    wanted = [inside(path, f"{i}.txt") for i in (7, 2, 5)]
    assert [(m.path, f.read()) for m, f in iter_open(wanted)] == [
        ("2.txt", b"2"),
        ("5.txt", b"5"),
        ("7.txt", b"7"),
    ]
    assert opened == [path]


def test_a_member_left_half_read_does_not_disturb_the_next(tmp_path: Path) -> None:
    path = make_tar(tmp_path / "x.tar.gz", {"a": noise(600_000), "b": b"second"})
    heads = [f.read(6) for _, f in iter_open([inside(path, "a"), inside(path, "b")])]
    assert heads == [noise(600_000)[:6], b"second"]


def test_other_members_are_opened_in_the_given_order(tmp_path: Path) -> None:
    first = make_zip(tmp_path / "x.zip", {"a": b"xa", "b": b"xb"})
    second = make_zip(tmp_path / "y.zip", {"c": b"yc"})
    plain = tmp_path / "p.txt"
    plain.write_bytes(b"p")
    wanted = [inside(first, "b"), inside(second, "c"), Member("p.txt", plain), inside(first, "a")]
    assert [f.read() for _, f in iter_open(wanted)] == [b"xb", b"yc", b"p", b"xa"]


def test_a_member_that_a_tar_lacks_is_an_error_after_the_pass(tmp_path: Path) -> None:
    path = make_tar(tmp_path / "x.tar.gz", FILES)
    opened = iter_open([inside(path, "c.tsv"), inside(path, "gone.txt")])
    assert next(opened)[0].path == "c.tsv"
    with pytest.raises(SourceError, match=r"gone\.txt"):
        next(opened)


# --- small files of a zip, by their place -------------------------------------------------------


def by_place(archive: Path) -> list[Member]:
    return [
        Member(one.name, archive, one.name, one.size, one.place) for one in list_archive(archive)
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_small_files_of_a_zip_are_read_where_they_were_listed_without_listing_them_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: int
) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", method) as archive:
        for name, data in {**FILES, "empty": b""}.items():
            archive.writestr(name, data)
    found = by_place(tmp_path / "x.zip")
    monkeypatch.delattr(zipfile, "ZipFile")
    assert {m.path: f.read() for m, f in iter_open(found[::-1])} == {**FILES, "empty": b""}
    assert {member.path: read(member) for member in found} == {**FILES, "empty": b""}


def test_a_zip_that_changed_since_it_was_listed_gives_what_it_holds_now(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"a.txt": b"one", "b.txt": b"two"})
    found = by_place(path)
    make_zip(path, {"first.txt": noise(100), "a.txt": b"1", "b.txt": b"2"})
    assert [file.read() for _, file in iter_open(found)] == [b"1", b"2"]
    make_zip(path, {"b.txt": b"2"})
    with pytest.raises(SourceError, match=r"a\.txt.*none of that name"):
        read(found[0])


def test_a_small_file_with_flipped_bytes_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", b"zincol helps")
    found = by_place(path)
    path.write_bytes(path.read_bytes().replace(b"zincol", b"zincal"))
    with pytest.raises(SourceError, match="CRC"):
        read(found[0])


def test_what_is_not_small_and_plain_has_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a.txt": b"12345", "b.txt.gz": PACKERS["gz"](b"1"), "c.txt": noise(11)}
    monkeypatch.setattr(zips, "SMALL", 10)
    (small, *others) = by_place(make_zip(tmp_path / "x.zip", files))
    assert small.place is not None
    assert [member.place for member in others] == [None, None]
    assert by_place(zip_with_link(tmp_path / "y.zip", "b.txt"))[0].place is None


def test_a_small_file_gives_no_more_bytes_than_the_listing_says(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"a.txt": bytes(1000)})
    (found,) = by_place(path)
    said = Member(found.path, path, found.inner, 10, found.place)
    assert found.place is not None
    with zips.Zip(path) as archive:
        assert archive.small("a.txt", 10, found.place) is None
    assert read(said) == bytes(1000)  # as the directory says
