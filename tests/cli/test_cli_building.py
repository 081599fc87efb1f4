"""`plan`, `build`, `why`: the whole flow, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from taiyi_corpus.errors import LedgerError, WorkerError
from taiyi_corpus.pipeline import build as pipeline
from tests.cli.conftest import Run, Tiny


def manifest(folder: str = "out/stage2") -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(folder, "manifest.json").read_text("utf-8"))
    return loaded


def test_build_says_what_went_in_and_how_to_load_it(run: Run) -> None:
    said = run("build", "--stage", "2")
    assert said.code == 0
    assert said.row("effects", "tc") == ["effects", "tc", "3", "3", "3", "3"]
    assert said.row("questions", "qa_sqa")[2:6] == ["4", "2", "1", "1"]
    assert "read.row_malformed 1, curate.answer_is_question 1" in said.line("questions  qa_sqa")
    assert said.row("questions", "40") == ["questions", "40", "1", "39"]
    assert "partial (1): questions" in said.out
    assert 'datasets.load_dataset("parquet", data_dir="out/stage2/data")' in said.out
    assert manifest()["origin"] == "raw"
    assert "SAMPLES" not in said.err


def test_plan_says_what_build_will_choose_and_writes_nothing(run: Run) -> None:
    planned = run("plan", "--stage", "2")
    assert planned.code == 0
    assert planned.row("effects", "tc")[:6] == ["effects", "tc", "en", "3", "3", "3"]
    assert planned.row("questions", "40") == ["questions", "40", "1", "39"]
    assert not Path("out").exists()
    built = run("build", "--stage", "2")
    rows = built.line("8 rows")
    assert rows == "8 rows in out/stage2"
    assert planned.line("8 rows").startswith("8 rows, about ")


def test_progress_is_plain_lines_where_there_is_no_terminal(run: Run) -> None:
    said = run("build", "--stage", "2")
    assert [line.split(":")[0] for line in said.err.splitlines()] == [
        "protect", "normalise", "curate", "candidates", "render", "write",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "folder"),
    [
        (["--stage", "1"], "stage1"),
        (["--recipe", "stage2"], "stage2"),
        (["--recipe", "small", "--stage", "1"], "small-stage1"),
    ],
)
def test_stage_and_recipe_name_the_mix_together(run: Run, options: list[str], folder: str) -> None:
    assert run("build", *options).code == 0
    assert manifest(f"out/{folder}")["recipe"]["name"] == folder


def test_a_recipe_may_be_a_file(run: Run, tiny: Tiny) -> None:
    file = tiny.registry_dir / "recipes" / "stage1.yaml"
    assert run("build", "--recipe", str(file), "--out", "there").code == 0
    assert Path("there", "manifest.json").is_file()
    assert "no stage beside a recipe file" in run("plan", "--recipe", str(file), "--stage", "1").err


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ([], "one of them"),
        (["--stage", "3"], "1 or 2"),
        (["--recipe", "stage"], "the name of a recipe"),
        (["--stage", "1", "--dataset", "drug"], "the id of a dataset"),
        (["--stage", "1", "--dataset", "questions"], "a dataset that recipe stage1 draws from"),
    ],
)
def test_a_wrong_name_is_bad_input_and_nothing_is_written(
    run: Run, options: list[str], wanted: str
) -> None:
    for command in ("plan", "build"):
        said = run(command, *options)
        assert said.code == 2
        assert wanted in said.err
    assert not Path("out").exists()


def test_a_named_dataset_is_all_that_is_drawn_from(run: Run) -> None:
    said = run("build", "--stage", "1", "--dataset", "drugs")
    assert list(manifest("out/stage1")["datasets"]) == ["drugs"]
    assert "effects" not in said.out


def test_an_absent_dataset_is_listed_and_an_error_only_when_named(run: Run, tiny: Tiny) -> None:
    tiny.remove("drugs")
    said = run("build", "--stage", "1")
    assert said.code == 0
    assert "absent (1): drugs" in said.out
    said = run("build", "--stage", "1", "--dataset", "drugs")
    assert said.code == 2
    assert "Download https://example.org/drugs.zip" in said.err


def test_strict_makes_partial_and_absent_errors_all_at_once(run: Run, tiny: Tiny) -> None:
    assert run("plan", "--stage", "1", "--strict").code == 0
    tiny.remove("drugs")
    said = run("build", "--stage", "2", "--strict")
    assert said.code == 2
    assert "2 faults" in said.err
    assert "corpus/*.txt" in said.err
    assert "validation: more.jsonl" in said.err


def test_without_raw_data_the_samples_are_used_and_that_is_said_loudly(
    run: Run, tiny: Tiny
) -> None:
    tiny.remove_all()
    said = run("build", "--stage", "1")
    assert said.code == 0
    assert "SAMPLES, NOT DATA" in said.err
    assert "absent (1): drugs" in said.out
    assert manifest("out/stage1")["origin"] == "sample"
    assert "invented text" in Path("out/stage1/README.md").read_text("utf-8")
    table = pq.read_table("out/stage1/data")
    assert set(table.column("origin").to_pylist()) == {"sample"}


def test_samples_are_never_mixed_with_raw_data(run: Run, tiny: Tiny) -> None:
    tiny.remove("effects")
    run("build", "--stage", "1")
    assert set(pq.read_table("out/stage1/data").column("dataset").to_pylist()) == {"drugs"}


def test_samples_can_be_asked_for_beside_raw_data(run: Run) -> None:
    said = run("build", "--stage", "1", "--samples")
    assert "as asked for" in said.err
    assert manifest("out/stage1")["origin"] == "sample"
    said = run("build", "--stage", "1", "--samples", "--dataset", "drugs")
    assert said.code == 2
    assert "a whole bundled sample" in said.err


def test_raw_data_that_the_recipe_does_not_draw_from_is_not_replaced_by_samples(
    run: Run, tiny: Tiny
) -> None:
    tiny.remove("effects")
    tiny.remove("drugs")
    said = run("build", "--stage", "1")
    assert said.code == 2
    assert "only that of questions" in said.err


def test_a_folder_with_something_else_in_it_is_refused(run: Run) -> None:
    Path("mine").mkdir()
    Path("mine", "thesis.txt").write_text("dear to me", encoding="utf-8")
    said = run("build", "--stage", "1", "--out", "mine")
    assert said.code == 2
    assert Path("mine", "thesis.txt").is_file()


def test_a_seed_changes_the_corpus_and_nothing_else_does(run: Run) -> None:
    shards = []
    for options in ([], [], ["--seed", "7"]):
        run("build", "--stage", "1", *options)
        shards.append(Path("out/stage1/data/train-00000-of-00001.parquet").read_bytes())
    assert shards[0] == shards[1]
    assert shards[0] != shards[2]


def test_books_that_do_not_add_up_end_with_code_3(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def account(*_: object) -> None:
        raise LedgerError("effects: curate: 3 are not 4")

    monkeypatch.setattr(pipeline, "account", account)
    said = run("build", "--stage", "1")
    assert said.code == 3
    assert "effects: curate: 3 are not 4" in said.err
    assert not Path("out/stage1").exists()


def test_a_killed_worker_ends_with_code_1_and_its_reason(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gather(*_: object) -> None:
        raise WorkerError("a worker was killed")

    monkeypatch.setattr(pipeline, "gather", gather)
    said = run("build", "--stage", "1")
    assert said.code == 1
    assert said.err.splitlines()[-1] == "error: a worker was killed"


def test_an_interrupt_ends_with_code_130_and_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gather(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "find_shield", gather)
    said = run("build", "--stage", "1")
    assert said.code == 130
    assert len(said.err.splitlines()) == 1


def test_a_split_that_lost_every_record_is_in_the_books(run: Run, tiny: Tiny) -> None:
    tiny.edit("registry/en/effects.yaml", "text: sentence", "text: sentenec")
    said = run("build", "--stage", "1", "--dataset", "effects")
    assert said.row("effects", "tc")[2:] == ["3", "0", "0", "0", "normalise.text_empty", "3"]
    assert pq.read_table("out/stage1/ledger.parquet").num_rows == 3


# --- why ----------------------------------------------------------------------------------------


def test_why_tells_what_a_record_gave(run: Run) -> None:
    run("build", "--stage", "2")
    said = run("why", "drugs/train/a")
    assert said.code == 0
    assert "from drugs (raw data, ready): corpus/a.ann, corpus/a.txt" in said.out
    assert "drugs/train/a#ner.all_types.0" in said.out
    assert "drugs/train/a#re.all_relations.0" in said.out
    assert "train-00000-of-00001.parquet" in said.out


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("questions/train/q2", "answer_is_question"),
        ("questions.jsonl:3", "row_malformed"),
        ("questions/train/q4", "the record has nothing to ask"),
        ("effects/test/s4", "draws from train only"),
    ],
)
def test_why_tells_why_a_record_gave_nothing(run: Run, record: str, reason: str) -> None:
    run("build", "--stage", "2")
    said = run("why", record, "--build", "out/stage2")
    assert said.code == 0
    assert "gave no row" in said.out
    assert reason in said.out


def test_why_tells_which_instances_the_mix_did_not_choose(run: Run) -> None:
    run("build", "--recipe", "small-stage1")
    told = [run("why", f"effects/train/s{n}").out for n in (1, 2, 3)]
    told += [
        run("why", id_).out for id_ in ("drugs/train/a", "drugs/train/b", "questions/train/q1")
    ]
    chosen = pq.read_table("out/small-stage1/data").column("id").to_pylist()
    assert len(chosen) == 4
    for id_ in chosen:
        assert sum(id_ in text.partition("not chosen")[0] for text in told) == 1
    assert "the mix takes" in "".join(told)


def test_why_works_without_the_raw_data(run: Run, tiny: Tiny) -> None:
    run("build", "--stage", "2")
    tiny.remove("drugs")
    said = run("why", "drugs/train/a")
    assert "drugs/train/a#ner.all_types.0" in said.out
    assert "Its data is not at hand" in said.out


@pytest.mark.parametrize("record", ["drugs/train/zz", "drug/train/a", "nonsense"])
def test_why_of_no_such_record_is_bad_input(run: Run, record: str) -> None:
    run("build", "--stage", "2")
    said = run("why", record)
    assert said.code == 2
    assert repr(record) in said.err


def test_why_needs_one_build(run: Run) -> None:
    assert "none below out" in run("why", "drugs/train/a").err
    run("build", "--stage", "1")
    run("build", "--stage", "2")
    said = run("why", "drugs/train/a")
    assert said.code == 2
    assert "2 below out: out/stage1, out/stage2" in said.err
    assert run("why", "drugs/train/a", "--build", "nowhere").code == 2
