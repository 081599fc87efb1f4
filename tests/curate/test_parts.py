"""Curating parts: masks, reasons, and repeats over all parts of a dataset."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from taiyi_corpus.curate.part import Curated, CurateJob, curate_part, drop_repeats
from taiyi_corpus.normalise.store import Part
from taiyi_corpus.schema.arrow import to_table
from taiyi_corpus.schema.record import Record, Turn
from tests.instruct.asking import record


def part(folder: Path, number: int, *records: Record) -> Part:
    path = folder / f"{number}.parquet"
    pq.write_table(to_table(records), path)
    return Part(str(path), "train", len(records))


def curated(
    parts: list[Part], filters: list[str] | None = None, unique_by: str | None = None
) -> tuple[list[Curated], list[tuple[str, str]]]:
    """What stays of parts, and (key, reason) of what was dropped."""
    found = [curate_part(CurateJob(p, filters or [], unique_by)) for p in parts]
    drops = [drop for one in found for drop in one.drops] + drop_repeats(parts, found, "toy")
    return found, [(drop.id.rpartition("/")[2], drop.reason) for drop in drops]


def questions(*texts: str | None, start: int = 0) -> list[Record]:
    return [record(str(n), question=text) for n, text in enumerate(texts, start)]


def test_without_filters_all_stay(tmp_path: Path) -> None:
    ((one,), drops) = curated([part(tmp_path, 0, *questions("a", "a"))])

    assert (one.keep.tolist(), drops) == ([True, True], [])


def test_a_record_goes_by_the_first_filter_it_trips(tmp_path: Path) -> None:
    both = record("1", turns=[Turn("user", "x")], source="s", target="s")
    names = ["pair_identical_sides", "dialogue_one_sided"]

    for filters in (names, names[::-1]):
        ((one,), drops) = curated([part(tmp_path, 0, record("0"), both)], filters)
        assert one.keep.tolist() == [True, False]
        assert drops == [("1", filters[0])]


def test_a_repeat_goes_in_whichever_part_it_is(tmp_path: Path) -> None:
    parts = [
        part(tmp_path, 0, *questions("a", "b", "a")),
        part(tmp_path, 1, *questions("c", "b", "d", start=3)),
        part(tmp_path, 2, *questions("a", start=6)),
    ]
    found, drops = curated(parts, unique_by="question")

    assert [one.keep.tolist() for one in found] == [
        [True, True, False],
        [True, False, True],
        [False],
    ]
    assert drops == [("2", "repeated_key"), ("4", "repeated_key"), ("6", "repeated_key")]


def test_what_has_no_key_never_repeats(tmp_path: Path) -> None:
    ((one,), _) = curated([part(tmp_path, 0, *questions(None, None))], unique_by="question")

    assert one.keep.tolist() == [True, True]


def test_blanks_make_no_other_question(tmp_path: Path) -> None:
    ((one,), _) = curated([part(tmp_path, 0, *questions("a b", " a\n b "))], unique_by="question")

    assert one.keep.tolist() == [True, False]


def test_what_a_filter_dropped_is_no_earlier_one(tmp_path: Path) -> None:
    found = [record("0", question="a", source="s", target="s"), record("1", question="a")]
    ((one,), drops) = curated(
        [part(tmp_path, 0, *found)], ["pair_identical_sides"], unique_by="question"
    )

    assert (one.keep.tolist(), drops) == ([False, True], [("0", "pair_identical_sides")])


@pytest.mark.parametrize("by", ["text", "question", "source"])
def test_a_key_is_the_field_of_that_name(tmp_path: Path, by: str) -> None:
    found = [record(str(n), **{by: "same"}) for n in range(2)]
    ((one,), _) = curated([part(tmp_path, 0, *found)], unique_by=by)

    assert one.keep.tolist() == [True, False]


def test_a_pair_is_the_same_either_way_round(tmp_path: Path) -> None:
    pairs = [("a", "b"), ("b", "a"), ("a", "c"), ("a", None)]
    found = [record(str(n), text_a=a, text_b=b) for n, (a, b) in enumerate(pairs)]
    ((one,), _) = curated([part(tmp_path, 0, *found)], unique_by="pair")

    assert one.keep.tolist() == [True, False, True, True]


def test_records_without_a_pair_are_not_repeats_of_each_other(tmp_path: Path) -> None:
    found = [record(str(n), text="x") for n in range(3)]
    ((one,), _) = curated([part(tmp_path, 0, *found)], unique_by="pair")

    assert one.keep.tolist() == [True, True, True]
