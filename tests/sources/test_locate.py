from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.sources.locate import Located, form, locate, where_missing
from taiyi_corpus.sources.member import Member
from taiyi_corpus.spec.dataset import DatasetSpec
from tests.sources.make import make_zip, put

READER = {"format": "lines"}


def spec(splits: dict[str, Any] | None = None, **more: Any) -> DatasetSpec:
    said = {
        "id": "foo",
        "name": "Foo",
        "language": "en",
        "tasks": ["ner"],
        "about": "An invented set.",
        "homepage": "https://example.org",
        "citation": {"text": "Nobody 2020"},
        "license": {"name": "CC0-1.0", "says": "the README", "redistributable": True},
        "access": "open",
        "source": {},
        "reader": READER,
        "splits": splits or {"train": files("train.txt"), "test": files("test.txt")},
    }
    return DatasetSpec.model_validate(said | more)


def files(*patterns: str, **more: Any) -> dict[str, Any]:
    return {"sources": [{"files": list(patterns)}], **more}


def folder(tmp_path: Path, *names: str) -> Path:
    return put(tmp_path / "foo", dict.fromkeys(names, b"x\n"))


def found(located: Located) -> dict[str, list[str]]:
    return {
        split: [member.path for source in sources for member in source.members]
        for split, sources in located.splits.items()
    }


def name(member: Member | None) -> str | None:
    return member and member.path


# --- ready, partial, absent ---------------------------------------------------------------------


def test_a_dataset_with_all_its_files_is_ready(tmp_path: Path) -> None:
    located = locate(spec(), folder(tmp_path, "train.txt", "test.txt", "README"))
    assert (located.state, located.missing, located.variant) == ("ready", [], None)
    assert found(located) == {"train": ["train.txt"], "test": ["test.txt"]}


def test_a_dataset_with_some_of_its_files_is_partial_and_says_what_is_missing(
    tmp_path: Path,
) -> None:
    located = locate(spec(), folder(tmp_path, "train.txt"))
    assert (located.state, located.missing) == ("partial", ["test: test.txt"])
    assert found(located) == {"train": ["train.txt"], "test": []}


@pytest.mark.parametrize("there", [[], ["README"]])
def test_a_dataset_with_none_of_its_files_is_absent(tmp_path: Path, there: list[str]) -> None:
    located = locate(spec(), folder(tmp_path, *there))
    assert located.state == "absent"
    assert located.missing == ["train: train.txt", "test: test.txt"]


def test_a_folder_that_is_not_there_or_not_known_is_absent(tmp_path: Path) -> None:
    assert locate(spec(), tmp_path / "foo").state == "absent"
    assert locate(spec(), None).state == "absent"


def test_a_pattern_without_match_makes_a_split_partial(tmp_path: Path) -> None:
    located = locate(spec({"train": files("*.ann", "*.txt")}), folder(tmp_path, "a.txt", "b.txt"))
    assert (located.state, located.missing) == ("partial", ["train: *.ann"])
    assert located.splits["train"][0].missing == ["*.ann"]


def test_an_optional_split_does_not_make_a_dataset_partial(tmp_path: Path) -> None:
    dataset = spec({"train": files("train.txt"), "test": files("test.txt", optional=True)})
    located = locate(dataset, folder(tmp_path, "train.txt"))
    assert (located.state, located.missing) == ("ready", [])
    assert located.splits["test"][0].missing == ["test.txt"]


def test_a_split_without_gold_is_as_needed_as_any_other(tmp_path: Path) -> None:
    dataset = spec({"train": files("train.txt"), "test": files("test.txt", gold=False)})
    assert locate(dataset, folder(tmp_path, "train.txt")).state == "partial"


def test_files_come_by_pattern_then_by_path_and_only_once(tmp_path: Path) -> None:
    dataset = spec({"train": files("b.txt", "*.txt")})
    located = locate(dataset, folder(tmp_path, "c.txt", "a.txt", "b.txt"))
    assert found(located) == {"train": ["b.txt", "a.txt", "c.txt"]}


def test_splits_come_in_the_order_of_the_schema(tmp_path: Path) -> None:
    dataset = spec({split: files(f"{split}.txt") for split in ("test", "validation", "train")})
    assert list(locate(dataset, tmp_path).splits) == ["train", "validation", "test"]


def test_a_damaged_archive_is_an_error_and_not_an_absence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"train\.zip"):
        locate(spec(), put(tmp_path / "foo", {"train.zip": b"<html>busy</html>"}))


# --- folders that tell splits apart -------------------------------------------------------------

BY_FOLDER = {"train": files("train/*.txt"), "test": files("test/*.txt")}


def test_a_file_above_the_split_folders_belongs_to_no_split(tmp_path: Path) -> None:
    located = locate(spec(BY_FOLDER), folder(tmp_path, "train/1.txt", "README.txt"))
    assert found(located) == {"train": ["train/1.txt"], "test": []}
    assert located.state == "partial"


def test_a_folder_all_patterns_share_may_be_left_out(tmp_path: Path) -> None:
    dataset = spec({"train": files("foo-1.0/train.txt"), "test": files("foo-1.0/test.txt")})
    located = locate(dataset, folder(tmp_path, "train.txt", "test.txt"))
    assert located.state == "ready"


# --- lists of ids -------------------------------------------------------------------------------


def listed(split: str) -> dict[str, Any]:
    ids = {"file": f"{split}_ids.txt", "key": "id"}
    return {"sources": [{"files": ["all.txt"], "only": ids}]}


LISTED = {"train": listed("train"), "test": listed("test")}


def test_splits_by_lists_of_ids_need_the_lists(tmp_path: Path) -> None:
    located = locate(spec(LISTED), folder(tmp_path, "all.txt", "train_ids.txt", "test_ids.txt"))
    assert located.state == "ready"
    assert name(located.splits["train"][0].only) == "train_ids.txt"
    assert name(located.splits["test"][0].only) == "test_ids.txt"


def test_without_its_list_of_ids_a_split_gets_no_file_for_it_would_get_them_all(
    tmp_path: Path,
) -> None:
    located = locate(spec(LISTED), folder(tmp_path, "all.txt", "train_ids.txt"))
    assert (located.state, located.missing) == ("partial", ["test: test_ids.txt"])
    assert found(located) == {"train": ["all.txt"], "test": []}


def test_the_list_of_what_to_leave_out_is_needed_too(tmp_path: Path) -> None:
    without = {"file": "held_out.txt", "key": "id"}
    dataset = spec({"train": {"sources": [{"files": ["all.txt"], "except": without}]}})
    assert locate(dataset, folder(tmp_path / "1", "all.txt")).state == "absent"
    located = locate(dataset, folder(tmp_path / "2", "all.txt", "held_out.txt"))
    assert located.state == "ready"
    assert name(located.splits["train"][0].without) == "held_out.txt"


def test_a_list_of_ids_is_one_file(tmp_path: Path) -> None:
    ids = {"file": "ids*.txt", "key": "id"}
    dataset = spec({"train": {"sources": [{"files": ["all.txt"], "only": ids}]}})
    with pytest.raises(SourceError, match="one list of ids"):
        locate(dataset, folder(tmp_path, "all.txt", "ids1.txt", "ids2.txt"))


# --- side tables and variants -------------------------------------------------------------------

SIDE = {"answers": {"files": ["answer.txt"], "reader": READER}}


def test_side_tables_are_needed(tmp_path: Path) -> None:
    there = folder(tmp_path, "train.txt", "test.txt")
    located = locate(spec(side=SIDE), there)
    assert (located.state, located.missing) == ("partial", ["answers: answer.txt"])
    put(there, {"answer.txt": b""})
    located = locate(spec(side=SIDE), there)
    assert located.state == "ready"
    assert [member.path for member in located.side["answers"]] == ["answer.txt"]


def test_a_side_table_alone_is_no_dataset(tmp_path: Path) -> None:
    assert locate(spec(side=SIDE), folder(tmp_path, "answer.txt")).state == "absent"


def variants(*formats: str) -> dict[str, Any]:
    return {
        f: {"note": f, "reader": {"format": f}, "splits": {"train": files(f"train.{f}")}}
        for f in formats
    }


def test_the_main_form_comes_before_all_variants(tmp_path: Path) -> None:
    there = folder(tmp_path, "train.txt", "train.jsonl")
    located = locate(spec(variants=variants("jsonl")), there)
    assert (located.variant, located.state) == (None, "partial")
    assert form(located) is located.spec


def test_the_first_variant_that_is_there_is_taken(tmp_path: Path) -> None:
    dataset = spec(variants=variants("xml", "jsonl", "csv"))
    located = locate(dataset, folder(tmp_path, "train.csv", "train.jsonl"))
    assert (located.variant, located.state) == ("jsonl", "ready")
    assert form(located) is dataset.variants["jsonl"]


def test_where_no_form_is_there_the_main_form_is_absent(tmp_path: Path) -> None:
    located = locate(spec(variants=variants("xml")), folder(tmp_path, "README"))
    assert (located.variant, located.state) == (None, "absent")


# --- what to do about it ------------------------------------------------------------------------


def test_the_fault_of_a_missing_dataset_says_what_where_and_how_to_get_it(tmp_path: Path) -> None:
    source = {
        "files": [{"url": "https://example.org/foo.zip", "path": "foo.zip"}],
        "manual": "Sign the agreement at example.org.",
    }
    there = folder(tmp_path, "README")
    fault = where_missing(locate(spec(source=source), there))
    assert fault.where == "foo"
    assert "train.txt" in fault.wanted
    assert str(there) in fault.found
    assert f"Download https://example.org/foo.zip to {there}/foo.zip." in fault.hint
    assert "Sign the agreement at example.org." in fault.hint


def test_the_fault_of_a_partial_dataset_does_not_say_that_nothing_is_there(tmp_path: Path) -> None:
    fault = where_missing(locate(spec(), folder(tmp_path, "train.txt")))
    assert "test: test.txt" in fault.wanted
    assert fault.found.startswith("none of them in")


def test_a_dataset_got_by_hand_is_not_said_to_be_downloaded() -> None:
    fault = where_missing(locate(spec(source={"manual": "Ask the authors."}), None))
    assert fault.found == "no folder"
    assert fault.hint == "Ask the authors."


def test_a_rar_in_the_folder_is_to_be_unpacked_by_hand(tmp_path: Path) -> None:
    fault = where_missing(locate(spec(), folder(tmp_path, "Foo.rar")))
    assert "Foo.rar" in fault.found
    assert "Unpack Foo.rar by hand" in fault.hint


def test_an_archive_is_found_where_its_folder_would_be(tmp_path: Path) -> None:
    make_zip(tmp_path / "foo" / "Foo_v1.zip", {"Foo_v1/train/1.txt": b"", "Foo_v1/test/2.txt": b""})
    located = locate(spec(BY_FOLDER), tmp_path / "foo")
    assert found(located) == {"train": ["Foo_v1/train/1.txt"], "test": ["Foo_v1/test/2.txt"]}
