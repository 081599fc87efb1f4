"""The evaluation set: every benchmark record asked once, a file a benchmark, in the row format of a build."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from taiyi_corpus import paths
from taiyi_corpus.errors import InputError, MissingDataError
from taiyi_corpus.export.manifest import Manifest, read_manifest
from taiyi_corpus.export.rows import ROW_SCHEMA
from taiyi_corpus.instruct import answers
from taiyi_corpus.pipeline.evaluation import build_evaluation
from taiyi_corpus.spec.benchmark import load_benchmarks
from taiyi_corpus.spec.registry import Registry, load_registry
from taiyi_corpus.spec.strict import read_text

IDS = (
    "bc5cdr-chemical", "bc5cdr-disease", "chemdner", "ncbi_disease", "cmeee_v2", "bc5cdr-re", "cmeie_v2",
    "bc7_litcovid", "hallmarks_of_cancer", "kuake_qic", "pubmed_qa", "med_qa", "medqa_zh",
)  # fmt: skip


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry([paths.bundled("registry")])


@pytest.fixture(scope="module")
def out(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eval")
    build_evaluation(registry, folder / "none", folder / "out", samples=True)
    return folder / "out"


@pytest.fixture
def made(out: Path) -> Manifest:
    return read_manifest(out)


def rows(out: Path, benchmark: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = pq.read_table(out / "data" / f"{benchmark}.parquet").to_pylist()
    return read


def every_row(out: Path) -> Iterator[dict[str, Any]]:
    for benchmark in IDS:
        yield from rows(out, benchmark)


def test_the_13_test_sets_of_the_paper_are_named(registry: Registry) -> None:
    benchmarks = load_benchmarks()

    assert tuple(one.id for one in benchmarks) == IDS
    for one in benchmarks:
        spec = registry[one.dataset]
        assert one.split_of(spec) is not None, one.id
        assert one.task in spec.tasks, one.id
        unknown = {t for asked in one.types.values() for t in asked.of} - set(spec.labels.entities)
        assert not unknown, one.id


def test_there_is_a_file_a_benchmark_in_the_row_format(out: Path) -> None:
    files = sorted((out / "data").iterdir())

    assert [file.stem for file in files] == sorted(IDS)
    for file in files:
        schema = pq.read_schema(file)
        assert schema.names == [*ROW_SCHEMA.names, "benchmark"]
        assert schema.field("messages").type == ROW_SCHEMA.field("messages").type


def test_every_record_is_asked_once_or_in_the_ledger(out: Path, made: Manifest) -> None:
    ledger = pq.read_table(out / "ledger.parquet").num_rows

    assert sum(made.wanted.values()) == made.rows + ledger > 0
    assert made.rows == sum(1 for _ in every_row(out))
    ids = [row["id"] for row in every_row(out)]
    assert len(ids) == len(set(ids))


def test_the_answer_reads_back_to_the_structured_gold(out: Path) -> None:
    from taiyi_corpus.instruct.wording import task_templates

    labels = 0
    for row in every_row(out):
        gold, answer = json.loads(row["gold"]), row["messages"][-1]["content"]
        if answers.KINDS[row["task"]] in ("mentions", "labels", "label"):
            styles = task_templates(row["task"], row["instruction_language"]).styles
            style = styles[row["style"]]
            got = answers.parse(
                answers.KINDS[row["task"]], style.name, answer, style.words, row["options"]
            )
            assert answers.equal(answers.KINDS[row["task"]], got, gold), row["id"]
            labels += 1
    assert labels > 10


def test_a_benchmark_of_one_type_asks_for_that_type_only(out: Path) -> None:
    for benchmark, type_ in (("bc5cdr-chemical", "chemical"), ("ncbi_disease", "disease")):
        for row in rows(out, benchmark):
            assert row["options"] == [type_]
            assert {kind for kind, _ in json.loads(row["gold"])} <= {type_}
            assert row["template"].startswith("en/ner.one_type.")


def test_one_record_may_be_asked_by_several_benchmarks(out: Path) -> None:
    chemical, disease = rows(out, "bc5cdr-chemical"), rows(out, "bc5cdr-disease")

    assert [row["record_id"] for row in chemical] == [row["record_id"] for row in disease]
    assert {row["benchmark"] for row in chemical} == {"bc5cdr-chemical"}
    assert all(row["id"].endswith("@bc5cdr-chemical") for row in chemical)


def test_every_benchmark_is_a_config_of_the_card(out: Path, tmp_path: Path) -> None:
    import datasets

    read = datasets.load_dataset(str(out), "med_qa", split="test", cache_dir=str(tmp_path))

    assert read.num_rows == len(rows(out, "med_qa")) > 0


def test_the_bytes_do_not_depend_on_workers(registry: Registry, out: Path, tmp_path: Path) -> None:
    build_evaluation(registry, tmp_path / "none", tmp_path / "out", samples=True, workers=2)

    assert read_manifest(tmp_path / "out").shards == read_manifest(out).shards


def test_strict_wants_every_benchmark(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(MissingDataError) as error:
        build_evaluation(registry, tmp_path / "none", tmp_path / "out", strict=True)

    assert {fault.where for fault in error.value.faults} >= {"bc5cdr", "med_qa"}


def test_a_benchmark_file_is_read_strictly() -> None:
    from taiyi_corpus.spec import benchmark as module

    with pytest.raises(InputError, match="Did you mean 'dataset'"):
        read_text("benchmarks: [{id: x, datasett: x, task: ner}]\n", "b.yaml", module._File)
