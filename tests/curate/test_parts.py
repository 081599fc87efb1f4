"""Curating parts: masks, reasons, repeats over all parts and datasets, the same in any order and from the cache."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from taiyi_corpus.curate.duplicates import priorities
from taiyi_corpus.schema.arrow import from_table
from taiyi_corpus.schema.record import Record, Turn
from taiyi_corpus.spec.curation import Curation
from tests.curate.made import answered, record
from tests.curate.world import World
from tests.toys import dataset

NOTHING = {"duplicates": {"exact": False}}
LONG = " ".join(f"word{number}" for number in range(60))
ABSTRACT = (
    "Aspirin lowers fever in most patients, and it rarely harms the stomach of a healthy adult."
)


def questions(*texts: str | None, start: int = 0) -> list[Record]:
    return [record(str(n), question=text) for n, text in enumerate(texts, start)]


# --- one part ---------------------------------------------------------------------------------


def test_without_filters_all_stay(tmp_path: Path) -> None:
    assert World(tmp_path, **NOTHING).add("toy", *questions("a", "a")).drops() == set()


def test_a_record_goes_by_the_first_filter_it_trips(tmp_path: Path) -> None:
    both = record("1", turns=[Turn("user", "x")], source="s", target="s")
    names = ["pair_identical_sides", "dialogue_one_sided"]
    for filters in (names, names[::-1]):
        world = World(tmp_path, filters=filters).add("toy", record("0", text="x"), both)
        assert world.drops() == {("toy/train/1", filters[0])}


def test_a_kept_result_is_the_same_and_a_change_of_the_recipe_is_not_missed(tmp_path: Path) -> None:
    part = record("1", text="5 &lt; 6, as everyone knows")
    world = World(tmp_path, repair=["entities"], duplicates={"near": 0.5}).add("toy", part)
    cache = tmp_path / "cache"
    (first,), (again,) = world.curated(cache=cache), world.curated(cache=cache)
    assert again.curated.part == first.curated.part
    assert again.curated.repairs == first.curated.repairs
    assert (again.curated.array("sketches") == first.curated.array("sketches")).all()
    (repaired,) = from_table(pq.read_table(again.curated.part.path))
    assert repaired.text == "5 < 6, as everyone knows"
    world.curation = Curation()
    (plain,) = world.curated(cache=cache)
    assert plain.curated.repairs == []
    assert plain.curated.part == world.parts[0][1]


def test_what_is_held_of_a_record_does_not_grow_with_its_text(tmp_path: Path) -> None:
    rows = [record(str(n), text=f"{n} {LONG * (50 * (n % 2))}", labels=["a"]) for n in range(20)]
    world = World(tmp_path, duplicates={"near": 0.5}, scores=True).add("toy", *rows)
    (batch,) = world.curated()
    arrays = [getattr(batch.curated, name) for name in batch.curated.__struct_fields__]
    held = sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))
    assert held <= 400 * len(rows)
    assert batch.curated.drops == batch.curated.repairs == []


def test_scores_out_of_bounds_drop_a_record_and_say_so(tmp_path: Path) -> None:
    short, long = record("0", text="two words"), record("1", text=LONG)
    world = World(tmp_path, where=[{"score": "words", "min": 3}]).add("toy", short, long)
    assert world.drops() == {("toy/train/0", "score_out_of_bounds")}
    (batch,) = world.curated()
    assert batch.curated.drops[0].detail == "words 2"


# --- repeats of `unique_by` -------------------------------------------------------------------


def test_of_what_a_dataset_says_is_unique_one_stays_in_whichever_part_it_is(tmp_path: Path) -> None:
    world = World(tmp_path, **NOTHING)
    world.add("toy", *questions("a", "b", "a"), unique_by="question")
    world.add("toy", *questions("c", " b\n", "d", start=3))
    drops = world.drops()
    assert len(drops) == 2
    assert {reason for _, reason in drops} == {"repeated_key"}


def test_what_has_no_key_never_repeats(tmp_path: Path) -> None:
    assert (
        World(tmp_path, **NOTHING).add("toy", *questions(None, None), unique_by="question").drops()
        == set()
    )


def test_records_without_a_pair_are_no_repeats(tmp_path: Path) -> None:
    rows = [record("0", text="x"), record("1", text="y")]
    assert World(tmp_path, **NOTHING).add("toy", *rows, unique_by="pair").drops() == set()


def test_two_datasets_may_have_one_key(tmp_path: Path) -> None:
    world = World(tmp_path, **NOTHING)
    world.add("one", *questions("a"), unique_by="question").add(
        "two", *questions("a"), unique_by="question"
    )
    assert world.drops() == set()


# --- equal records ----------------------------------------------------------------------------


def test_equal_questions_with_equal_answers_go_over_all_datasets(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.add("crawled", answered("1", "May I take it?", "Yes."), tags=["consultation"])
    world.add(
        "annotated",
        answered("1", "may  I take it?", "Yes."),
        answered("2", "May I take it?", "No."),
    )
    assert world.drops() == {("crawled/train/1", "duplicate")}


def test_a_named_dataset_survives_first(tmp_path: Path) -> None:
    world = World(tmp_path, duplicates={"prefer": ["crawled"]})
    world.add("crawled", answered("1", "Why?", "So."), tags=["synthetic"]).add(
        "annotated", answered("1", "Why?", "So.")
    )
    assert world.drops() == {("annotated/train/1", "duplicate")}


def test_annotated_survives_before_crawled_before_synthetic_and_official_before_mirror() -> None:
    specs = {
        "a": dataset("a", tags=["synthetic"]), "b": dataset("b", tags=["consultation"]),
        "c": dataset("c"), "d": dataset("d"),
    }  # fmt: skip
    assert sorted(specs, key=priorities(specs, ["c"], []).__getitem__) == ["d", "c", "b", "a"]


def test_chinese_words_find_near_duplicates_too(tmp_path: Path) -> None:
    said = (
        "患者三天前受凉以后开始咳嗽并且伴有发热，体温最高三十九度，没有胸痛，自己口服退热药物以后"
        "没有明显好转，今天来医院门诊就诊，希望明确诊断并且尽快治疗。"
    )
    near = said.replace("门诊", "急诊")
    other = (
        "建议您首先到医院检查血常规以及胸部影像，根据结果判断是否存在细菌感染，同时注意休息并且"
        "多喝温水，如果体温超过三十八度五可以口服对乙酰氨基酚，必要时复诊。"
    )
    for chinese in ("characters", "words"):
        folder = tmp_path / chinese
        folder.mkdir()
        world = World(folder, duplicates={"near": 0.45, "shingle": 3, "chinese": chinese})
        rows = [answered(str(n), "怎么办？", text) for n, text in enumerate((said, near, other))]
        world.add("toy", *rows)
        ((gone, reason),) = world.drops()
        assert (gone in ("toy/train/0", "toy/train/1"), reason) == (True, "near_duplicate")


def test_one_question_of_two_passages_is_two_questions(tmp_path: Path) -> None:
    world = World(tmp_path, duplicates={"near": 0.5})
    world.add(
        "toy",
        answered("1", LONG, "Yes.", context="One."),
        answered("2", LONG, "Yes.", context="Two."),
    )
    assert world.drops() == set()


def test_an_abstract_stays_in_every_dataset_that_asks_something_else_of_it(tmp_path: Path) -> None:
    world = World(tmp_path, duplicates={"near": 0.5})
    document = record("1", text=ABSTRACT, entities=[])
    world.add(
        "drugs",
        document,
        labels={"entities": {"Drug": {"en": "drug", "zh": "药物"}}},
        tasks=["ner"],
    )
    world.add(
        "organs",
        document,
        labels={"entities": {"Organ": {"en": "organ", "zh": "器官"}}},
        tasks=["ner"],
    )
    assert world.drops() == set()
    assert world.repeats(world.curated()).shared == {"drugs": {"organs": 1}, "organs": {"drugs": 1}}


def test_an_abstract_goes_where_two_datasets_ask_the_same_of_it(tmp_path: Path) -> None:
    labels = {"entities": {"Drug": {"en": "drug", "zh": "药物"}}}
    world = World(tmp_path)
    world.add("first", record("1", text=ABSTRACT, entities=[]), labels=labels, tasks=["ner"])
    world.add("second", record("1", text=ABSTRACT), labels=labels, tasks=["ner"])
    assert world.drops() == {("second/train/1", "duplicate")}


def test_one_text_annotated_twice_in_a_dataset_is_two_records(tmp_path: Path) -> None:
    world = World(tmp_path, duplicates={"near": 0.5})
    world.add("toy", record("1", text=LONG, labels=["a"]), record("2", text=LONG, labels=["b"]))
    assert world.drops() == set()


def test_conflicting_labels_of_one_text_take_all_that_say_so_along(tmp_path: Path) -> None:
    rows = [record("1", text="x y", labels=["a"]), record("2", text="X  y", labels=["b"]),
            record("3", text="x y", labels=["a"]), record("4", text="z", labels=["a"])]  # fmt: skip
    gone = {(f"toy/train/{n}", "label_conflict") for n in (1, 2, 3)}
    assert World(tmp_path, filters=["label_conflict"]).add("toy", *rows).drops() == gone
    several = dict.fromkeys(["multi"], True)
    assert (
        World(tmp_path, filters=["label_conflict"], **NOTHING)
        .add("toy", *rows, labels=several)
        .drops()
        == set()
    )


def test_a_conflict_is_seen_across_splits(tmp_path: Path) -> None:
    world = World(tmp_path, filters=["label_conflict"], **NOTHING)
    world.add("toy", record("1", text="x y", labels=["a"]))
    world.add("toy", record("2", text="x y", labels=["b"]), split="validation")
    gone = {("toy/train/1", "label_conflict"), ("toy/validation/2", "label_conflict")}
    assert world.drops() == gone


# --- held out ---------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["toy", "another"])
def test_a_document_of_the_validation_split_leaves_train(tmp_path: Path, other: str) -> None:
    world = World(tmp_path, **NOTHING)
    named = {"document_ns": "pmid", "document_id": "7"}
    world.add(other, record("1", text="One sentence of it.", **named), record("2", text="Else."))
    world.add("toy", record("3", text="Another sentence of it.", **named), split="validation")
    assert world.drops() == {(f"{other}/train/1", "heldout_twin")}


def test_a_text_of_the_validation_split_leaves_train(tmp_path: Path) -> None:
    world = World(tmp_path, **NOTHING).add("toy", record("1", text=ABSTRACT))
    assert world.add("toy", record("2", text=ABSTRACT), split="validation").drops() == {
        ("toy/train/1", "heldout_twin")
    }


def test_a_near_twin_of_the_validation_split_leaves_train_whatever_the_priority(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, duplicates={"near": 0.5, "prefer": ["first"]})
    world.add("first", answered("1", LONG, "Yes, it is."))
    world.add("second", answered("1", LONG, "Yes, it is so."), split="validation")
    assert world.drops() == {("first/train/1", "near_duplicate")}


# --- order ------------------------------------------------------------------------------------


def test_any_order_of_parts_and_rows_drops_the_same(tmp_path: Path) -> None:
    draw = random.Random(3)
    words = [f"w{number}" for number in range(400)]
    texts = [" ".join(draw.choices(words, k=40)) for _ in range(60)]
    rows = [answered(str(n), text, "Yes.") for n, text in enumerate([*texts, *texts[:20]])]
    rows += [answered(str(100 + n), " ".join(draw.choices(words, k=2) + text.split()[2:]), "Yes.")
             for n, text in enumerate(texts[:30])]  # fmt: skip
    found: list[set[tuple[str, str]]] = []
    for seed in range(4):
        world = World(tmp_path / str(seed), duplicates={"near": 0.45})
        world.folder.mkdir()
        mine = list(rows)
        random.Random(seed).shuffle(mine)
        for number in range(4):
            world.add("toy", *mine[number::4])
        found.append(world.drops(random.Random(seed).sample(range(4), 4)))
    assert found[0] == found[1] == found[2] == found[3]
    assert {reason for _, reason in found[0]} == {"duplicate", "near_duplicate"}
