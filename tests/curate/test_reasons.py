"""Every reason of curating, with all of curating switched on: one record goes, for this reason and no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.curate.filters import FILTERS, OVER_ALL
from taiyi_corpus.curate.protected import Lengths, index_of, item_of, save
from taiyi_corpus.curate.repair import REPAIRS
from tests.curate.made import answered, record
from tests.curate.test_filters import ENGLISH, TRIPPED
from tests.curate.world import World

LEDGER = Path(__file__).parents[2] / "docs" / "ledger.md"
LABELS = {"classes": {name: {"en": name, "zh": name} for name in ("yes", "no")}}
EVERYTHING: dict[str, Any] = {
    "repair": [*REPAIRS],
    "privacy": {"drop": ["phone"], "mask": ["email"], "tags": ["patient"]},
    "filters": [*FILTERS, *OVER_ALL],
    "limits": {"text_max": {"en": 4000, "zh": 2000}},
    "where": [{"score": "label_surprise", "max": 3}],
    "duplicates": {"near": 0.45},
}
PAPER = {"document_ns": "pmid", "document_id": "7"}
STORY = " ".join(f"word{number}" for number in range(40))
RUN = "fourteen words in a row that stand in the test set and nowhere else today"


def plain(world: World) -> None:
    """Records that stay whatever is switched on."""
    world.add(
        "plain", record("0", text=ENGLISH), answered("1", "Why does it hurt so?", "It swells.")
    )


def one(**parts: Any) -> Callable[[World], object]:
    return lambda world: world.add("toy", record("x", **parts), labels=LABELS, tags=["patient"])


def two(
    first: dict[str, Any], second: dict[str, Any], split: str = "train", **spec: Any
) -> Callable[[World], object]:
    def add(world: World) -> None:
        world.add("toy", record("x", **first), labels=LABELS, **spec)
        world.add("toy", record("y", **second), split=split)

    return add


def rare_labels(world: World) -> None:
    rows = [record(str(n), text=f"Text number {n} of many.", labels=["yes"]) for n in range(20)]
    world.add("toy", *rows, record("x", text="Another.", labels=["no"]), labels=LABELS)


MADE: dict[str, Callable[[World], object]] = {
    **{
        name: lambda world, trips=trips: world.add("toy", trips, labels=LABELS)
        for name, trips in TRIPPED.items()
    },
    "label_conflict": two(
        {"text": "It itched.", "labels": ["yes"]}, {"text": "it  itched.", "labels": ["no"]}
    ),
    "score_out_of_bounds": rare_labels,
    "personal_data": one(text="电话13812345678，咳嗽三天", language="zh"),
    "leak_document": one(text="Nothing of it.", **PAPER),
    "leak_text": one(text="It itched a lot!"),
    "leak_ngram": one(text=f"We found {RUN}."),
    "heldout_twin": two(
        {"text": "Of one paper.", "document_ns": "pmid", "document_id": "8"},
        {"text": "Of it too.", "document_ns": "pmid", "document_id": "8"},
        split="validation",
    ),
    "repeated_key": two(
        {"question": "Which one?", "source": "a"}, {"question": "Which one?", "source": "b"},
        unique_by="question",
    ),
    "duplicate": two({"source": "Once.", "target": "Twice."}, {"source": "once.", "target": "twice."}),
    "near_duplicate": two(
        {"source": STORY, "target": "Told."}, {"source": f"{STORY} again", "target": "Told."}
    ),
}  # fmt: skip
# A conflict takes all that conflict along.
BOTH = {"label_conflict": 2}


def protected(folder: Path) -> str:
    told = (
        record("t1", text=f"They were {RUN}, as was said."),
        record("t2", text="It itched a lot."),
    )
    paper = record("t3", text="A protected paper.", **PAPER)
    save(index_of([("test", map(item_of, (*told, paper)))], Lengths()), folder / "index")
    return str(folder / "index")


@pytest.mark.parametrize("reason", MADE)
def test_a_reason_alone(reason: str, tmp_path: Path) -> None:
    world = World(tmp_path, protected=protected(tmp_path), **EVERYTHING)
    plain(world)
    MADE[reason](world)
    assert [why for _, why in sorted(world.drops())] == [reason] * BOTH.get(reason, 1)


def test_these_are_all_the_reasons_there_are() -> None:
    section = LEDGER.read_text(encoding="utf-8").partition("### curate")[2].partition("###")[0]
    told = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) - {"masked"}
    assert set(MADE) == told


def test_changes_of_texts_are_listed_and_drop_nothing(tmp_path: Path) -> None:
    said = "write to jane.doe@example.org, or not &lt;5 times"
    world = World(tmp_path, **EVERYTHING).add("toy", record("x", text=said), tags=["patient"])
    (batch,) = world.curated()
    assert batch.curated.keep.all()
    assert [line.reason for line in batch.curated.repairs] == ["repaired_entities", "masked"]
    assert {line.unit for line in batch.curated.repairs} == {"text"}
