"""What changed between two builds, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.adapters import adapter_code
from taiyi_corpus.errors import InputError
from taiyi_corpus.export.manifest import describe
from taiyi_corpus.review.diff import Diff, diff
from tests.export.toy_build import SINGLE, row, rows, write_build
from tests.toys import dataset

VARIANT = {
    "note": "An older release.",
    "reader": {"format": "jsonl"},
    "splits": {"train": {"sources": [{"files": ["old.jsonl"]}]}},
}
GROUPS = [{"name": "tasks", "share": 0.5}, {"name": "rest", "share": 0.5}]


def about(**given: Any) -> dict[str, Any]:
    dataset = {
        "state": "ready",
        "variant": None,
        "sources": {"a.txt": "aaa"},
        "spec": "sss",
        "adapter": None,
    }
    return {
        "recipe": {"name": "toy", "stage": 1, "seed": 0, "groups": GROUPS},
        "versions": {"taiyi-corpus": "0.1", "pyarrow": "24"},
        "templates": "ttt",
        "datasets": {id_: dict(dataset) for id_ in ("toy", "clinic", "pairs")},
    } | given


def compared(tmp_path: Path, given: list[dict[str, Any]] | None = None, **changed: Any) -> Diff:
    before = write_build(tmp_path / "a", rows(), **about())
    after = write_build(tmp_path / "b", rows() if given is None else given, **about(**changed))
    return diff(before, after)


def causes(found: Diff) -> list[tuple[str, str, str, str]]:
    return [(change.cause, change.what, change.before, change.after) for change in found.changes]


def test_a_build_does_not_differ_from_itself(tmp_path: Path) -> None:
    found = compared(tmp_path)

    assert (found.changes, found.counts, found.same_bytes, found.rows) == ([], [], True, (4, 4))


def test_a_changed_recipe_says_which_key(tmp_path: Path) -> None:
    groups = [{"name": "tasks", "share": 0.4}, {"name": "rest", "share": 0.5}]
    found = compared(tmp_path, recipe={"name": "toy", "stage": 1, "seed": 7, "groups": groups})

    assert causes(found) == [
        ("recipe", "seed", "0", "7"),
        ("recipe", "groups.tasks.share", "0.5", "0.4"),
    ]


def test_an_order_of_groups_is_a_change(tmp_path: Path) -> None:
    found = compared(
        tmp_path, recipe={"name": "toy", "stage": 1, "seed": 0, "groups": GROUPS[::-1]}
    )

    assert causes(found) == [("recipe", "groups (order)", "tasks, rest", "rest, tasks")]


def test_data_registry_templates_and_versions_are_told_apart(tmp_path: Path) -> None:
    datasets = about()["datasets"]
    datasets["toy"] = datasets["toy"] | {"sources": {"a.txt": "bbb", "b.txt": "ccc"}}
    datasets["clinic"] = datasets["clinic"] | {"spec": "uuu", "state": "partial"}
    found = compared(
        tmp_path,
        datasets=datasets,
        templates="vvv",
        versions={"taiyi-corpus": "0.2", "pyarrow": "24"},
    )

    assert causes(found) == [
        ("version", "taiyi-corpus", "0.1", "0.2"),
        ("templates", "all", "ttt", "vvv"),
        ("data", "clinic", "ready", "partial"),
        ("registry", "clinic", "sss", "uuu"),
        ("data", "toy: a.txt", "aaa", "bbb"),
        ("data", "toy: b.txt", "absent", "ccc"),
    ]


def test_an_adapter_that_changed_is_told_and_is_the_reason(tmp_path: Path) -> None:
    datasets = about()["datasets"]
    datasets["toy"] = datasets["toy"] | {"adapter": "ddd"}
    found = compared(tmp_path, [*rows(), row("more", SINGLE)], datasets=datasets)

    assert causes(found) == [("adapter", "toy", "absent", "ddd")]
    assert [count.because for count in found.counts] == [["adapter"]]


def test_the_manifest_knows_the_code_of_an_adapter() -> None:
    plain, adapted = dataset("plain"), dataset("adapted", adapter="agreed_annotation")
    of_variant = dataset("forms", variants={"old": VARIANT | {"adapter": "agreed_annotation"}})

    assert describe(plain, "ready", None, None)["adapter"] is None
    assert describe(adapted, "ready", None, None)["adapter"] == adapter_code("agreed_annotation")
    assert describe(of_variant, "ready", None, None)["adapter"] is None
    assert describe(of_variant, "ready", "old", None)["adapter"] == adapter_code(
        "agreed_annotation"
    )


def test_counts_that_moved_say_because_of_what(tmp_path: Path) -> None:
    datasets = about()["datasets"]
    datasets["toy"] = datasets["toy"] | {"sources": {"a.txt": "bbb"}}
    found = compared(tmp_path, [*rows(), row("more", SINGLE)], datasets=datasets)

    (count,) = found.counts
    assert (count.dataset, count.task, count.before, count.after, count.because) == (
        "toy",
        "ner",
        1,
        2,
        ["data"],
    )
    assert (found.rows, found.same_bytes) == ((4, 5), False)


def test_a_dataset_that_came_is_told(tmp_path: Path) -> None:
    datasets = about()["datasets"] | {"new": about()["datasets"]["toy"]}

    assert causes(compared(tmp_path, datasets=datasets)) == [
        ("data", "new", "not drawn from", "ready")
    ]


def test_a_folder_without_a_build_is_refused(tmp_path: Path) -> None:
    write_build(tmp_path / "a", rows())

    with pytest.raises(InputError, match="a finished build"):
        diff(tmp_path / "a", tmp_path)
