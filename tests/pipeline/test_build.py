"""A build: what it takes, what it writes, and that its books add up."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path

import datasets
import pyarrow.parquet as pq
import pytest
from datasets.distributed import split_dataset_by_node

from taiyi_corpus.errors import InputError, LedgerError
from taiyi_corpus.export.manifest import Manifest, read_manifest
from taiyi_corpus.export.rows import ROW_SCHEMA
from taiyi_corpus.export.shards import ShardJob
from taiyi_corpus.hashing import file_sha256
from taiyi_corpus.pipeline import account as books
from tests.pipeline.world import SPECS, World, make_world, rows

Built = tuple[Path, Manifest]

# --- what is chosen ---------------------------------------------------------------------------


def test_rows_are_those_the_recipe_asks_for(built: Built) -> None:
    out, made = built

    assert made.rows == len(rows(out)) + len(rows(out, "validation")) == 300
    assert made.wanted == {"tasks": 210, "general": 90}
    assert made.chosen == {"tasks": 210, "general": 90}


def test_a_benchmark_split_is_in_no_mix(world: World, tmp_path: Path) -> None:
    made = world.build(tmp_path / "out", splits=["train", "test"], rows=None)

    assert {
        row["split"] for split in ("train", "test") for row in rows(tmp_path / "out", split)
    } == {"train"}
    assert sum(f.chosen for f in made.counts if f.dataset == "classes") > 0


def test_a_smaller_mix_takes_a_part_of_a_larger_one(world: World, tmp_path: Path) -> None:
    def ids(count: int) -> set[str]:
        world.build(tmp_path / str(count), rows=count)
        out = tmp_path / str(count)
        return {row["id"] for split in ("train", "validation") for row in rows(out, split)}

    assert ids(60) < ids(150)


def test_another_dataset_changes_no_order_of_preference(world: World, tmp_path: Path) -> None:
    without = {id_: spec for id_, spec in SPECS.items() if id_ != "classes"}
    make_world(tmp_path / "less", without).build(tmp_path / "fewer", rows=100)
    world.build(tmp_path / "more", rows=100)

    def ids(out: Path) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for split in ("train", "validation"):
            for row in rows(out, split):
                found.setdefault(row["dataset"], set()).add(row["id"])
        return found

    fewer, more = ids(tmp_path / "fewer"), ids(tmp_path / "more")
    assert more["mentions"] < fewer["mentions"]
    assert more["questions"] == fewer["questions"]


def test_repeats_are_told_apart(world: World, tmp_path: Path) -> None:
    made = world.build(tmp_path / "out", rows=700, on_shortage="repeat", max_epochs=3)
    ids = [row["id"] for split in ("train", "validation") for row in rows(tmp_path / "out", split)]

    assert len(ids) == len(set(ids)) == made.rows == 700
    assert Counter(id_.partition("~")[2] for id_ in ids).keys() >= {"", "2"}


def test_an_empty_mix_still_loads(world: World, tmp_path: Path) -> None:
    made = world.build(tmp_path / "out", rows=0)

    assert (made.rows, [shard.rows for shard in made.shards]) == (0, [0])
    assert rows(tmp_path / "out") == []


# --- what is written --------------------------------------------------------------------------


def test_shards_are_equal_but_for_one_row_and_have_one_schema(built: Built) -> None:
    out, made = built
    for split in ("train", "validation"):
        sizes = [s.rows for s in made.shards if s.path.startswith(f"data/{split}-")]
        assert max(sizes) - min(sizes) <= 1
        assert max(sizes) <= 70
    for shard in made.shards:
        file = pq.ParquetFile(out / shard.path)
        assert file.schema_arrow.equals(ROW_SCHEMA)
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_the_manifest_tells_the_truth(built: Built) -> None:
    out, made = built

    assert read_manifest(out) == made
    for shard in made.shards:
        path = out / shard.path
        assert (path.stat().st_size, file_sha256(path)) == (shard.bytes, shard.sha256)
        assert pq.read_metadata(path).num_rows == shard.rows
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert there == {shard.path for shard in made.shards} | {
        "manifest.json",
        "README.md",
        "citations.bib",
        "ledger.parquet",
    }
    assert set(made.datasets) == {"classes", "mentions", "questions"}
    assert all(entry["state"] == "ready" and entry["sources"] for entry in made.datasets.values())


def test_rows_say_what_they_are(built: Built) -> None:
    out, _ = built
    for row in rows(out):
        assert row["id"].startswith(f"{row['record_id']}#{row['task']}.")
        assert row["record_id"].startswith(f"{row['dataset']}/{row['split']}/")
        assert (row["stage"], row["seed"], row["origin"], row["license"]) == (1, 0, "raw", "MIT")
        assert [m["role"] for m in row["messages"]][-2:] == ["user", "assistant"]
        json.loads(row["gold"])


def test_rows_are_shuffled_over_datasets_and_splits_kept_apart(built: Built) -> None:
    out, _ = built
    names = [row["dataset"] for row in rows(out)]
    runs = sum(a != b for a, b in itertools.pairwise(names))

    assert runs > len(names) / 3
    assert {row["split"] for row in rows(out, "validation")} == {"validation"}
    assert not (out / "data" / ".spills").exists() and not (out / ".spills").exists()


def test_the_card_names_every_dataset_with_its_licence(built: Built) -> None:
    card = (built[0] / "README.md").read_text()

    for id_ in SPECS:
        assert f"[{id_.title()}](https://example.org)" in card
    assert "configs:" in card and "data/validation-*.parquet" in card


# --- reading it -------------------------------------------------------------------------------


@pytest.fixture
def files(built: Built) -> dict[str, str]:
    return {"train": str(built[0] / "data" / "train-*.parquet")}


def test_datasets_reads_it_whole_and_as_a_stream(
    built: Built, files: dict[str, str], tmp_path: Path
) -> None:
    wanted = rows(built[0])
    whole = datasets.load_dataset(
        "parquet", data_files=files, split="train", cache_dir=str(tmp_path)
    )
    stream = datasets.load_dataset("parquet", data_files=files, split="train", streaming=True)

    assert [row["id"] for row in whole] == [row["id"] for row in wanted]
    assert whole[0]["messages"] == wanted[0]["messages"]
    assert [row["id"] for row in stream] == [row["id"] for row in wanted]


@pytest.mark.parametrize("nodes", [2, 3])
def test_nodes_read_it_disjointly_and_all_of_it(
    built: Built, files: dict[str, str], nodes: int
) -> None:
    stream = datasets.load_dataset("parquet", data_files=files, split="train", streaming=True)
    parts = [
        [row["id"] for row in split_dataset_by_node(stream, rank=rank, world_size=nodes)]
        for rank in range(nodes)
    ]

    assert sorted(id_ for part in parts for id_ in part) == sorted(
        row["id"] for row in rows(built[0])
    )
    assert all(parts)


# --- the books --------------------------------------------------------------------------------


def test_the_ledger_accounts_for_every_row(built: Built) -> None:
    out, made = built
    lines = pq.read_table(out / "ledger.parquet").to_pylist()
    by_dataset = {funnel.dataset: funnel for funnel in made.counts}

    classes = by_dataset["classes"]
    assert (classes.rows, classes.records, classes.kept) == (121, 120, 110)  # train alone
    assert classes.dropped == {"read.row_malformed": 1, "curate.repeated_key": 10}
    mentions = by_dataset["mentions"]
    assert (mentions.rows, mentions.records, mentions.kept) == (181, 180, 180)
    assert mentions.dropped["read.row_malformed"] == 1
    assert mentions.instances + mentions.dropped["instruct.negative_not_kept"] == 180
    assert by_dataset["questions"].dropped == {"curate.answer_is_question": 10}
    for funnel in made.counts:
        mine = Counter(
            f"{line['stage']}.{line['reason']}"
            for line in lines
            if line["dataset"] == funnel.dataset and line["unit"] != "annotation"
        )
        assert mine == funnel.dropped


def test_a_build_says_what_it_did_before_it_wrote(world: World, tmp_path: Path) -> None:
    out = tmp_path / "out"
    world.build(out, rows=10)
    world.build(out, rows=20)  # in the place of the former

    assert len(rows(out)) + len(rows(out, "validation")) == 20
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


TAMPERED = {
    "rows broken": lambda data, found: setattr(data.stored.tallies["train"], "bad_rows", 7),
    "records dropped": lambda data, found: setattr(data.stored.tallies["train"], "dropped", 7),
    "records stored": lambda data, found: data.parts.append(data.parts[0]),
    "records curated": lambda data, found: data.curated[0].keep.fill(False),
    "rows:": lambda data, found: setattr(data.stored.tallies["train"], "rows", 7),
    "instances": lambda data, found: found[0].seen.update(dict.fromkeys(found[0].seen, 7)),
    "refused": lambda data, found: setattr(found[0], "drops", found[-1].drops),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_books_that_do_not_add_up_stop_the_build(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    real = books.account

    def account(gathered, selected, ledger):  # type: ignore[no-untyped-def]
        data = next(one for one in gathered if one.spec.id == "mentions")
        TAMPERED[what](data, selected.found["mentions"])
        return real(gathered, selected, ledger)

    monkeypatch.setattr("taiyi_corpus.pipeline.build.account", account)
    with pytest.raises(LedgerError, match=f"mentions.*{what}"):
        world.build(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_rows_that_are_not_written_stop_the_build(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    less = "taiyi_corpus.pipeline.write.ShardJob"
    monkeypatch.setattr(less, lambda spills, *rest: ShardJob(spills[1:], *rest))
    with pytest.raises(LedgerError, match=r"300 rows chosen, \d+ written"):
        world.build(tmp_path / "out")


# --- where it may be written ------------------------------------------------------------------


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(
    world: World, tmp_path: Path
) -> None:
    mine = {
        "thesis": {"thesis.txt": "years of work"},
        "other": {"manifest.json": '{"name": "not a build"}'},
        "odd": {"manifest.json": "{"},
    }
    for name, files_ in mine.items():
        (tmp_path / name).mkdir()
        for file, text in files_.items():
            (tmp_path / name / file).write_text(text)
        with pytest.raises(InputError, match="wanted a new or empty folder, or an earlier build"):
            world.build(tmp_path / name)
        assert {p.name: p.read_text() for p in (tmp_path / name).iterdir()} == files_


def test_a_build_to_which_something_was_added_is_refused(world: World, tmp_path: Path) -> None:
    world.build(tmp_path / "out", rows=5)
    (tmp_path / "out" / "notes.txt").write_text("mine")

    with pytest.raises(InputError, match=r"notes\.txt in it"):
        world.build(tmp_path / "out", rows=5)


def test_a_file_in_the_way_is_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")

    with pytest.raises(InputError, match="wanted a folder for the build, found a file"):
        world.build(tmp_path / "out")


def test_an_empty_folder_and_a_link_to_one_are_welcome(world: World, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for _ in range(2):
        world.build(tmp_path / "link", rows=5)

    assert (tmp_path / "link").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]
    assert len(rows(tmp_path / "real")) + len(rows(tmp_path / "real", "validation")) == 5


def test_where_nothing_can_be_written_is_said(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(InputError, match="wanted a place to write to"):
        world.build(tmp_path / "file" / "out")
