"""`leak`, `--protect`, `--allow`."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Run, Tiny

LONG = "It was a sudden rash that came up on both of the forearms of a young gardener who had been weeding"


@pytest.fixture
def protected(tiny: Tiny) -> str:
    tiny.edit("data/effects/test.tsv", "It itched.", f"{LONG}.")
    return LONG


def test_a_build_of_ours_holds_no_benchmark(run: Run, protected: str) -> None:
    run("build", "--stage", "2")
    said = run("leak", "out/stage2")
    assert said.code == 0
    assert said.line("8 rows held against") == "8 rows held against effects (1)"
    assert "nothing protected was found" in said.out


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".parquet"])
def test_any_corpus_can_be_held_against_benchmarks(run: Run, protected: str, suffix: str) -> None:
    rows = [
        {"prompt": f"Label this {protected}", "dataset": "theirs"},
        {"prompt": "Something else", "dataset": "x"},
    ]
    file = Path(f"rows{suffix}")
    if suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), file)
    else:
        text = json.dumps(rows) if suffix == ".json" else "\n".join(map(json.dumps, rows))
        file.write_text(text, encoding="utf-8")
    said = run("leak", str(file))
    assert said.code == 1
    assert said.row("theirs") == ["theirs", "1"]
    assert (
        said.line(f"rows{suffix}:1")
        == f"rows{suffix}:1  leak_ngram  effects: effects/test/s4: {protected}"
    )


def test_a_short_protected_text_is_found_inside_a_prompt(run: Run, tiny: Tiny) -> None:
    tiny.edit("data/effects/test.tsv", "It itched.", "It itched a bit too much.")
    Path("rows.jsonl").write_text(
        '{"text": "Label it.\\nText: it itched a bit too much"}\n', encoding="utf-8"
    )
    assert "leak_text" in run("leak", "rows.jsonl").out


def test_it_can_be_held_against_a_dataset_or_a_file(run: Run) -> None:
    Path("rows.jsonl").write_text(
        '{"a": "Aspirin can cause stomach bleeding."}\n', encoding="utf-8"
    )
    Path("own.txt").write_text("Aspirin can cause stomach bleeding.\n", encoding="utf-8")
    assert run("leak", "rows.jsonl").code == 0
    assert run("leak", "rows.jsonl", "--against", "own.txt").code == 1
    assert run("leak", "rows.jsonl", "--against", "drugs/train").code == 1


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["nowhere.jsonl"], "a build, or a file or folder of it"),
        (["rows.jsonl", "--against", "drug"], "'drugs'"),
        (["rows.jsonl", "--against", "gone.txt"], "a readable file"),
        (["empty"], "files of .jsonl, .json, .parquet"),
        (["rows.csv"], "a file of .txt"),
    ],
)
def test_what_cannot_be_read_is_bad_input(run: Run, options: list[str], wanted: str) -> None:
    Path("rows.jsonl").write_text("{}\n", encoding="utf-8")
    Path("rows.csv").write_text("a\n", encoding="utf-8")
    Path("empty").mkdir()
    said = run("leak", *options)
    assert said.code == 2
    assert wanted in said.err


def test_build_says_what_leaked_and_what_a_policy_kept_out(run: Run, tiny: Tiny) -> None:
    tiny.edit("registry/en/drugs.yaml", "redistributable: true", "redistributable: false")
    tiny.edit("data/effects/train.tsv", "Nothing was felt.", "It itched.")
    said = run("build", "--stage", "2", "--allow", "redistributable")
    assert said.row("effects", "1") == ["effects", "1"]
    assert (
        said.line("left out for its licence")
        == "left out for its licence: drugs: CC0-1.0: passing on not allowed"
    )
    said = run("build", "--stage", "2", "--allow", "redistributable", "--dataset", "drugs")
    assert said.code == 2
    assert run("plan", "--stage", "2", "--allow", "everything").code == 2


def test_protect_names_a_file_or_a_dataset(run: Run) -> None:
    said = run("build", "--stage", "2", "--protect", "drugs/train")
    assert said.row("drugs", "2") == ["drugs", "2"]
    assert run("build", "--stage", "2", "--protect", "gone.jsonl").code == 2
