from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.errors import SourceError
from taiyi_corpus.sources.find import match, members
from taiyi_corpus.sources.member import Member
from tests.sources.make import ARCHIVES, PACKERS, make_tar, make_zip, put, read


def paths(found: list[Member]) -> list[str]:
    return [member.path for member in found]


def below(*names: str) -> list[Member]:
    return [Member(name, Path("data", name)) for name in names]


# --- which members there are --------------------------------------------------------------------


def test_members_are_sorted_by_virtual_path_and_hidden_files_left_out(tmp_path: Path) -> None:
    put(tmp_path, dict.fromkeys(["b/x.txt", "a.txt", "B.txt", ".hidden", ".git/x", "b/.x"], b"1"))
    assert paths(members(tmp_path)) == ["B.txt", "a.txt", "b/x.txt"]


def test_a_folder_whose_own_path_is_hidden_is_read(tmp_path: Path) -> None:
    assert paths(members(put(tmp_path / ".cache", {"a.txt": b""}))) == ["a.txt"]


def test_virtual_paths_are_nfc(tmp_path: Path) -> None:
    put(tmp_path, {"e\u0301.txt": b"1"})
    assert paths(members(tmp_path)) == ["\u00e9.txt"]
    assert read(match(members(tmp_path), "e\u0301.txt")[0]) == b"1"


@pytest.mark.parametrize("kind", ARCHIVES)
def test_the_files_of_an_archive_lie_where_the_archive_lies(tmp_path: Path, kind: str) -> None:
    ARCHIVES[kind](tmp_path / f"X.{kind}", {"a/b.txt": b"top"})
    ARCHIVES[kind](tmp_path / "dir" / f"X.{kind}", {"a/b.txt": b"deep"})
    found = {member.path: read(member) for member in members(tmp_path)}
    assert found == {"a/b.txt": b"top", "dir/a/b.txt": b"deep"}


@pytest.mark.parametrize("kind", PACKERS)
def test_a_lone_compressed_file_loses_its_suffix(tmp_path: Path, kind: str) -> None:
    put(tmp_path, {f"d/x.json.{kind}": PACKERS[kind](b"{}")})
    (member,) = members(tmp_path)
    assert (member.path, member.inner, read(member)) == ("d/x.json", "", b"{}")


def test_the_file_on_disk_wins_over_the_one_in_an_archive(tmp_path: Path) -> None:
    make_zip(tmp_path / "X.zip", {"a/b.txt": b"zip", "a/c.txt": b"zip", "a/d.txt": b"zip"})
    put(tmp_path, {"a/b.txt": b"disk", "a/c.txt.gz": PACKERS["gz"](b"gz")})
    found = {member.path: read(member) for member in members(tmp_path)}
    assert found == {"a/b.txt": b"disk", "a/c.txt": b"gz", "a/d.txt": b"zip"}


def test_linked_files_and_folders_are_followed_and_circles_left(tmp_path: Path) -> None:
    elsewhere = put(tmp_path / "elsewhere", {"x.txt": b"x", "sub/y.txt": b"y"})
    folder = put(tmp_path / "data", {"z.txt": b"z"})
    (folder / "linked.txt").symlink_to(elsewhere / "x.txt")
    (folder / "sub").symlink_to(elsewhere / "sub")
    (folder / "circle").symlink_to(folder)
    (folder / "broken.txt").symlink_to(tmp_path / "nowhere")
    assert paths(members(folder)) == ["linked.txt", "sub/y.txt", "z.txt"]


def test_faults_of_all_archives_are_told_at_once(tmp_path: Path) -> None:
    put(tmp_path, {"a.zip": b"no zip", "b.tar.gz": b"no tar", "c.txt": b"fine"})
    with pytest.raises(SourceError) as caught:
        members(tmp_path)
    assert {Path(fault.where).name for fault in caught.value.faults} == {"a.zip", "b.tar.gz"}


# --- what a pattern picks -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("A/B/x.xml", ["A/B/x.xml"]),
        ("A/B/*.xml", ["A/B/x.xml", "A/B/y.xml"]),
        ("A/*/x.xml", ["A/B/x.xml", "A/C/x.xml"]),
        ("A/**/*.xml", ["A/B/D/z.xml", "A/B/x.xml", "A/B/y.xml", "A/C/x.xml"]),
        ("**/z.xml", ["A/B/D/z.xml"]),
        ("A/B/**", ["A/B/D/z.xml", "A/B/x.xml", "A/B/y.xml"]),
        ("A/*.xml", []),
        ("a/B/x.xml", []),
        ("A/B/?.xml", []),
        ("A/B/x.xml.gz", ["A/B/x.xml"]),
    ],
)
def test_a_star_stays_in_its_folder_and_two_cross_folders(pattern: str, found: list[str]) -> None:
    files = below("A/B/D/z.xml", "A/B/x.xml", "A/B/y.xml", "A/C/x.xml")
    assert paths(match(files, pattern)) == found


def test_everything_but_stars_is_literal() -> None:
    files = below("a[1].txt", "a1.txt", "a+.txt", "xa[1]xtxt")
    assert paths(match(files, "a[1].txt")) == ["a[1].txt"]
    assert paths(match(files, "a+.txt")) == ["a+.txt"]


@pytest.mark.parametrize(
    "layout",
    [
        ["A/B/x.xml"],  # as it stands
        ["B/x.xml"],  # the first folder left out
        ["any/A/B/x.xml"],  # one more before it
    ],
)
def test_one_folder_more_or_less_is_the_same_source(layout: list[str]) -> None:
    assert paths(match(below(*layout, "C/y.xml"), "A/B/*.xml")) == layout


def test_two_folders_more_or_less_are_not() -> None:
    assert match(below("one/two/A/B/x.xml", "x.xml"), "A/B/x.xml") == []


def test_the_first_rule_that_finds_something_wins() -> None:
    everything = below("A/B/1.xml", "B/2.xml", "any/A/B/3.xml")
    assert paths(match(everything, "A/B/*.xml")) == ["A/B/1.xml"]
    assert paths(match(everything[1:], "A/B/*.xml")) == ["B/2.xml"]
    assert paths(match(everything[2:], "A/B/*.xml")) == ["any/A/B/3.xml"]


def test_leaving_the_first_folder_out_can_be_forbidden() -> None:
    assert paths(match(below("README.txt"), "train/*.txt")) == ["README.txt"]
    assert match(below("README.txt"), "train/*.txt", leave_out=False) == []


@pytest.mark.parametrize("inner", ["x.txt", "with_scope/x.txt", "release/with_scope/x.txt"])
def test_an_archive_with_or_without_its_own_folder_is_the_same_source(
    tmp_path: Path, inner: str
) -> None:
    make_zip(tmp_path / "with_scope.zip", {inner: b"with"})
    (member,) = match(members(tmp_path), "with_scope/*.txt")
    assert read(member) == b"with"


def test_archives_that_hold_the_same_names_are_told_apart_by_their_own(tmp_path: Path) -> None:
    make_zip(tmp_path / "with_scope.zip", {"x.txt": b"with"})
    make_tar(tmp_path / "without_scope.tar.gz", {"x.txt": b"without"})
    found = members(tmp_path)
    assert [read(m) for m in match(found, "with_scope/*.txt")] == [b"with"]
    assert [read(m) for m in match(found, "without_scope/*.txt")] == [b"without"]
    with pytest.raises(SourceError, match=r"one file for 'x\.txt'"):
        match(found, "*.txt")


def test_an_archive_and_the_folder_it_was_unpacked_to_are_read_once(tmp_path: Path) -> None:
    make_zip(tmp_path / "X.zip", {"A/1.txt": b"zip", "A/2.txt": b"zip"})
    put(tmp_path, {"A/1.txt": b"disk", "X/A/1.txt": b"other", "X/A/2.txt": b"other"})
    assert [read(m) for m in match(members(tmp_path), "A/*.txt")] == [b"disk", b"zip"]


def test_two_copies_one_folder_down_are_an_error() -> None:
    with pytest.raises(SourceError, match="Keep one of them"):
        match(below("v1/A/x.xml", "v2/A/x.xml"), "A/*.xml")


part = st.sampled_from(["A", "B", "x.txt", "y.txt"])
path = st.lists(part, min_size=1, max_size=4).map("/".join)
pattern = st.lists(st.sampled_from(["A", "B", "*", "**", "*.txt"]), min_size=1, max_size=4)


@given(st.lists(path, unique=True, max_size=12), pattern.map("/".join), st.randoms())
def test_a_match_does_not_depend_on_the_order_of_the_folder(
    names: list[str], wanted: str, random: object
) -> None:
    mixed = list(names)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    def outcome(order: list[str]) -> list[str] | str:
        try:
            return sorted(paths(match(below(*order), wanted)))
        except SourceError:
            return "ambiguous"

    assert outcome(mixed) == outcome(names)


@given(st.lists(path, unique=True, max_size=12))
def test_an_exact_path_picks_itself_and_nothing_else(names: list[str]) -> None:
    assert [paths(match(below(*names), name)) for name in names] == [[name] for name in names]
