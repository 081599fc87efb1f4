"""What must not leave does not: licences, samples, texts that name a person, builds changed by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pyarrow.parquet as pq
import pytest
import yaml

from taiyi_corpus.curate.privacy import PATTERNS
from taiyi_corpus.errors import InputError
from taiyi_corpus.export.convert import open_build
from taiyi_corpus.publish.parcel import Parcel
from taiyi_corpus.publish.personal import ROW_TEXTS, LookJob, look
from taiyi_corpus.spec.registry import load_registry
from tests.pipeline.world import SPECS, World, make_world, rows, shards
from tests.publish.conftest import Hub, Push

Made = Callable[..., Parcel]


def copy(build: Path, target: Path) -> Path:
    shutil.copytree(build, target)
    return target


def manifest_of(parcel: Parcel) -> dict[str, Any]:
    (found,) = [file.local for file in parcel.files if file.path.endswith("manifest.json")]
    read: dict[str, Any] = json.loads(Path(found).read_text("utf-8"))
    return read


def sent_rows(parcel: Parcel, split: str = "train") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for file in parcel.files:
        if f"/{split}-" in file.path:
            found += pq.read_table(file.local).to_pylist()
    return found


# --- licences ---------------------------------------------------------------------------------


def test_what_may_not_be_passed_on_is_refused_by_name(hub: Hub, push: Push, mixed: Path) -> None:
    hub.asked()
    said = push(mixed, "--repo", "lab/refused")
    assert said.code == 2
    assert "  questions\n" in said.err
    assert "none stated: passing on not known to be allowed" in said.err
    assert "--only-redistributable" in said.err
    assert "mentions" not in said.err
    assert hub.asked() == []


def test_the_part_that_may_be_passed_on_is_the_build_without_the_rest(
    mixed: Path, parcel: Made
) -> None:
    made = parcel(mixed, only_redistributable=True)
    kept = [row for row in rows(mixed) if row["dataset"] != "questions"]
    assert sent_rows(made) == kept
    assert len(kept) < len(rows(mixed))
    sizes = [pq.read_metadata(f.local).num_rows for f in made.files if "/train-" in f.path]
    assert max(sizes) - min(sizes) <= 1

    said = manifest_of(made)
    assert said["left_out"] == {"questions": "none stated: passing on not known to be allowed"}
    assert said["rows"] == len(kept) + len(rows(mixed, "validation"))
    assert {one["dataset"] for one in said["counts"]} == {"classes", "mentions"}
    assert sum(one["chosen"] for one in said["counts"]) == said["rows"]
    assert sum(said["styles"].values()) == said["rows"]
    assert sum(one["rows"] for one in said["lengths"]) == said["rows"]
    assert "## Left out" in made.body
    assert "| questions | Questions |" in made.body


def test_the_part_is_the_same_bytes_each_time(mixed: Path, world: World, tmp_path: Path) -> None:
    from taiyi_corpus.publish.of_build import Wish, parcel_of_build

    hashes = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        wish = Wish(only_redistributable=True)
        registry = load_registry([world.registry])
        made = parcel_of_build(mixed, "lab/a", registry, tmp_path / name, wish)
        hashes.append([(file.path, file.sha256) for file in made.files])
    assert hashes[0] == hashes[1]


def test_a_part_that_is_all_is_sent_as_it_lies(free: Path, parcel: Made) -> None:
    made = parcel(free, only_redistributable=True)
    sent = {Path(f.path).name: f.sha256 for f in made.files if "-of-" in f.path}
    assert sent == shards(free)


def test_nothing_is_left_where_nothing_may_be_passed_on(
    world: World, tmp_path: Path, parcel: Made
) -> None:
    world.build(tmp_path / "only", named=["questions"])
    with pytest.raises(InputError, match="Nothing of this build may be passed on"):
        parcel(tmp_path / "only", only_redistributable=True)


def test_a_licence_must_have_been_known_when_the_corpus_was_built(
    free: Path, tmp_path: Path, parcel: Made
) -> None:
    build = copy(free, tmp_path / "copy")
    said = json.loads((build / "manifest.json").read_text("utf-8"))
    said["datasets"]["classes"]["redistributable"] = "unknown"
    (build / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(InputError, match=r"classes: .*build again"):
        parcel(build)


def test_a_dataset_that_may_not_be_passed_on_is_refused(push: Push, world: World) -> None:
    said = push("--dataset", "questions", "--repo", "lab/q", "--data", world.data)
    assert said.code == 2
    assert "passing on not known to be allowed" in said.err


# --- origin -----------------------------------------------------------------------------------


def test_samples_are_refused(free: Path, tmp_path: Path, parcel: Made) -> None:
    build = copy(free, tmp_path / "copy")
    said = json.loads((build / "manifest.json").read_text("utf-8"))
    said["origin"] = "sample"
    (build / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(InputError, match="bundled samples, which are invented"):
        parcel(build)


def test_shards_that_were_changed_are_refused(free: Path, tmp_path: Path, parcel: Made) -> None:
    build = copy(free, tmp_path / "copy")
    shard = build / open_build(build).shards[0].path
    table = pq.read_table(shard)
    pq.write_table(table.slice(1), shard)
    with pytest.raises(InputError, match="the bytes the manifest names"):
        parcel(build)
    shard.unlink()
    with pytest.raises(InputError, match="found no file"):
        parcel(build)


# --- persons ----------------------------------------------------------------------------------

PHONE = "13800138000"


@pytest.fixture(scope="module")
def naming(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """A build of a dataset in which somebody's number stands."""
    folder = tmp_path_factory.mktemp("naming")
    world = make_world(folder / "world", {"questions": SPECS["questions"]})
    lines = (world.data / "questions" / "train.jsonl").read_text("utf-8").splitlines()
    lines += [json.dumps({"q": "Whom do I call?", "a": f"Call {PHONE}, or jane@example.org."})]
    (world.data / "questions" / "train.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    world.build(folder / "build", groups=[{"name": "all"}])
    return world, folder / "build"


@pytest.fixture
def push_naming(push: Push, naming: tuple[World, Path], monkeypatch: pytest.MonkeyPatch) -> Push:
    monkeypatch.setenv("TAIYI_CORPUS_REGISTRY", str(naming[0].registry))
    return push


def test_texts_that_name_a_person_are_refused_and_not_repeated(
    push_naming: Push, naming: tuple[World, Path]
) -> None:
    world, build = naming
    for what in (["--dataset", "questions", "--data", world.data], [build]):
        said = push_naming(*what, "--repo", "lab/p", "--dry-run")
        assert said.code == 2
        assert "email 1, phone 1 in 1 row, such as questions/train/100" in said.err
        assert PHONE not in said.err + said.out
        assert "jane@" not in said.err + said.out
        assert "--allow-pii questions" in said.err


def test_what_somebody_looked_at_may_go(push_naming: Push, naming: tuple[World, Path]) -> None:
    args = [naming[1], "--repo", "lab/p", "--dry-run"]
    assert push_naming(*args, "--allow-pii", "questions").code == 0
    assert push_naming(*args, "--allow-pii", "mentions").code == 2


def test_a_recipe_masks_what_would_be_refused(
    push_naming: Push, naming: tuple[World, Path], tmp_path: Path
) -> None:
    curate = {"privacy": {"mask": ["phone", "email"], "tags": ["general"]}}
    recipe = {"name": "masked", "about": "For tests.", "stage": 1, "rows": 1,
              "groups": [{"name": "all"}], "curate": curate}  # fmt: skip
    (tmp_path / "masked.yaml").write_text(yaml.safe_dump(recipe))
    said = push_naming("--dataset", "questions", "--data", naming[0].data, "--to", tmp_path / "out",
                       "--curate", tmp_path / "masked.yaml")  # fmt: skip
    assert said.code == 0, said.err
    loaded = datasets.load_dataset(str(tmp_path / "out"), split="train")
    assert loaded[100]["answers"][0]["text"] == "Call [phone], or [e-mail]."
    assert loaded.num_rows == 101
    ledger = pq.read_table(tmp_path / "out" / "questions" / "ledger.parquet")
    assert set(ledger["detail"].to_pylist()) == {""}


def test_every_kind_that_is_known_is_looked_for(naming: tuple[World, Path]) -> None:
    _, build = naming
    path = str(build / open_build(build).shards[0].path)
    seen = look(LookJob(path, ROW_TEXTS))
    assert set(seen) == {"questions"}
    assert set(seen["questions"].kinds) == {"phone", "email"} <= set(PATTERNS)


# --- texts that are no rows -------------------------------------------------------------------


def test_the_ledger_goes_without_texts_and_without_closed_datasets(
    mixed: Path, parcel: Made
) -> None:
    made = parcel(mixed, only_redistributable=True)
    (sent,) = [file.local for file in made.files if file.path == "stage1/ledger.parquet"]
    before, after = pq.read_table(mixed / "ledger.parquet"), pq.read_table(sent)
    assert any(before["detail"].to_pylist())
    assert set(after["detail"].to_pylist()) == {""}
    assert set(before["dataset"].to_pylist()) == {"classes", "mentions", "questions"}
    kept = [row for row in before.to_pylist() if row["dataset"] != "questions"]
    assert [row["id"] for row in kept] == after["id"].to_pylist()
    assert [row["reason"] for row in kept] == after["reason"].to_pylist()
    assert after.schema.equals(before.schema)


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--repo", "lab/a", "--to", "there"], "found both"),
        ([], "found neither"),
        (["--to", "there", "--private", "--tag", "v1"], "--private, --tag"),
        (["--repo", "lab/a", "--stage", "2"], "a stage that was built: 1"),
        (["--repo", "lab/a", "--config", "../up"], "letters, digits"),
        (["--repo", "lab/a", "--dataset", "mentions"], "a build or a dataset"),
    ],
)
def test_contradictions_are_faults(push: Push, free: Path, args: list[str], word: str) -> None:
    said = push(free, *args)
    assert said.code == 2
    assert word.removeprefix("found ") in said.err


def test_a_folder_without_a_build_is_a_fault(push: Push, tmp_path: Path) -> None:
    said = push(tmp_path, "--repo", "lab/a")
    assert said.code == 2
    assert "no manifest.json" in said.err
