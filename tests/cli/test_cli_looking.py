"""`list`, `status`, `show`, `check`, `preview`: looking at datasets."""

from __future__ import annotations

import zipfile

import pytest

from tests.cli.conftest import Run, Tiny


def test_list_is_a_table_of_all_datasets(run: Run) -> None:
    said = run("list")
    assert said.code == 0
    assert said.row("id") == ["id", "name", "lang", "tasks", "access", "licence", "state"]
    assert said.row("drugs") == ["drugs", "Drugs", "en", "ner", "re", "dua", "CC0-1.0", "ready"]
    assert said.row("questions")[-1] == "partial"
    assert "3 datasets of 3" in said.err


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (["--task", "re"], ["drugs"]),
        (["--access", "open"], ["effects", "questions"]),
        (["--language", "zh"], []),
        (["--have"], ["effects", "questions"]),
        (["--language", "en", "--task", "tc"], ["effects"]),
    ],
)
def test_list_filters(run: Run, tiny: Tiny, filters: list[str], ids: list[str]) -> None:
    if "--have" in filters:
        tiny.remove("drugs")
    said = run("list", *filters)
    assert [line.split()[0] for line in said.out.splitlines()[1:]] == ids


def test_a_filter_of_no_such_value_is_bad_input(run: Run) -> None:
    said = run("list", "--task", "nerr")
    assert said.code == 2
    assert "--task" in said.err
    assert "Did you mean 'ner'?" in said.err


def test_ids_are_whole_where_there_is_no_terminal(run: Run, tiny: Tiny) -> None:
    long = "a" * 120
    path = tiny.registry_dir / "en" / "effects.yaml"
    text = path.read_text(encoding="utf-8").replace("id: effects", f"id: {long}", 1)
    (tiny.registry_dir / "en" / f"{long}.yaml").write_text(text, encoding="utf-8")
    assert run("list").line(long).split()[0] == long


def test_status_names_the_folder_and_what_is_missing(run: Run, tiny: Tiny) -> None:
    tiny.remove("drugs")
    said = run("status")
    assert said.row("drugs") == ["drugs", "absent", "fetchable", str(tiny.data / "drugs")]
    assert said.row("questions")[1] == "partial"
    assert said.line("questions").endswith("validation: more.jsonl")
    assert said.err.startswith("1 ready, 1 partial, 1 absent, ")


def test_status_says_which_archive_is_broken(run: Run, tiny: Tiny) -> None:
    tiny.remove("drugs")
    whole = tiny.data / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("corpus/a.txt", "Aspirin")
    (tiny.data / "drugs" / "drugs.zip").write_bytes(whole.read_bytes()[:40])
    said = run("status")
    assert said.code == 1
    assert said.row("drugs")[1] == "broken"
    assert "drugs.zip" in said.err


def test_a_data_folder_that_is_not_there_is_bad_input(run: Run) -> None:
    said = run("status", "--data", "nowhere")
    assert said.code == 2
    assert "nowhere" in said.err


def test_show_says_everything_and_gives_a_record(run: Run, tiny: Tiny) -> None:
    said = run("show", "drugs")
    assert said.code == 0
    for text in (
        "Drugs (drugs)", "https://example.org/drugs.zip", str(tiny.data / "drugs"), "CC0-1.0",
        "Doe J (2025). Invented.", "Drug: drug / 药物", "Causes: drug causes disorder / 药物引起疾病",
        "Arg1: Drug, Arg2: Disorder", "train 2", "first record (raw data)", "text: Aspirin can cause",
    ):  # fmt: skip
        assert text in said.out


def test_show_takes_the_record_from_the_sample_where_there_is_no_data(run: Run, tiny: Tiny) -> None:
    tiny.remove("effects")
    said = run("show", "effects")
    assert "first record (invented sample)" in said.out
    assert "Nothing happened." in said.out
    assert "(benchmark effects)" in said.out
    assert "Nothing happened." not in run("show", "effects", "--no-sample").out


def test_an_unknown_dataset_gets_its_neighbour(run: Run) -> None:
    said = run("show", "drug")
    assert said.code == 2
    assert "Did you mean 'drugs'?" in said.err


def test_check_passes_and_holds_counts_against_the_published_ones(run: Run) -> None:
    said = run("check", "effects")
    assert said.code == 0
    assert said.line("effects").split()[:6] == ["effects", "ready", "train", "3/3,", "test", "1/1"]
    assert "0 with faults" in said.err


def test_check_marks_counts_of_sources_not_known_to_be_complete(run: Run, tiny: Tiny) -> None:
    tiny.edit("registry/en/effects.yaml", "train: 3", "train: 300")
    said = run("check", "effects")
    assert said.code == 0
    assert "train 3/300 partial, test 1/1" in said.out


def test_check_fails_on_a_fault_that_is_not_declared_and_shows_the_first_rows(
    run: Run, tiny: Tiny
) -> None:
    tiny.edit("data/effects/train.tsv", "s3\tA headache came.\tmild", "s3\tA headache came.\tawful")
    said = run("check", "effects")
    assert said.code == 1
    assert "effects/train/s3: label_unknown: train.tsv:4" in said.out
    assert "no label_unknown" in said.err


def test_check_fails_on_more_faults_than_are_declared(run: Run, tiny: Tiny) -> None:
    assert run("check", "questions").code == 0
    tiny.edit("data/questions/questions.jsonl", '{"qid": "q4", "ask": "Why?"', "{")
    said = run("check", "questions")
    assert said.code == 1
    assert "1 x row_malformed at most" in said.err


def test_check_of_a_named_dataset_without_data_is_bad_input(run: Run, tiny: Tiny) -> None:
    tiny.remove_all()
    said = run("check", "drugs", "effects")
    assert said.code == 2
    assert "Download https://example.org/drugs.zip" in said.err
    assert "Ask Jane Doe. Or take the bundled sample: --samples." in said.err


def test_check_without_any_raw_data_takes_the_samples(run: Run, tiny: Tiny) -> None:
    tiny.remove_all()
    said = run("check")
    assert said.code == 1  # the sample has no expected.yaml yet
    assert "checking the bundled samples" in said.err
    assert "Write it with --accept." in said.err
    assert run("check", "--samples", "--accept").code == 0
    assert (tiny.registry_dir / "samples" / "effects" / "expected.yaml").is_file()
    said = run("check")
    assert said.code == 0
    assert said.row("effects")[1] == "sample"
    assert said.row("drugs")[1] == "absent"


def test_a_broken_registry_file_is_named_with_all_its_faults(run: Run, tiny: Tiny) -> None:
    tiny.edit("registry/en/drugs.yaml", "language: en", "language: eng\nlanguages: en")
    said = run("check")
    assert said.code == 2
    assert said.err.count("drugs.yaml:3") == 1
    assert said.err.count("drugs.yaml:4") == 1
    assert "Traceback" not in said.err


def test_preview_shows_row_record_and_instances(run: Run) -> None:
    said = run("preview", "drugs", "--task", "re", "--form", "all_relations")
    assert said.code == 0
    for text in (
        "=== drugs/train/a", "--- raw row (corpus/a.txt)", "{role: Arg1, ref: T1}", "--- record",
        "drugs/train/a#re.all_relations.0", "[user]", "[assistant]", "[gold]",
    ):  # fmt: skip
        assert text in said.out
    assert "#ner" not in said.out


def test_preview_takes_a_record_by_key_and_a_split(run: Run) -> None:
    assert "=== drugs/train/b" in run("preview", "drugs", "--record", "b").out
    assert "=== effects/test/s4" in run("preview", "effects", "--split", "test").out
    assert run("preview", "effects", "-n", "9").out.count("=== ") == 4


def test_preview_shows_rows_that_gave_no_record(run: Run) -> None:
    said = run("preview", "questions", "-n", "9")
    assert "--- no record\nrow_malformed" in said.out


def test_preview_of_what_is_not_there_is_bad_input(run: Run) -> None:
    for option, value, wanted in (
        ("--record", "zz", "the id or key of a record of drugs"),
        ("--split", "dev", "a split of drugs"),
        ("--task", "tc", "a task of drugs"),
        ("--form", "all", "a form of ner, re"),
    ):
        said = run("preview", "drugs", option, value)
        assert said.code == 2
        assert option in said.err
        assert wanted in said.err


def test_preview_takes_the_sample_where_there_is_no_data(run: Run, tiny: Tiny) -> None:
    tiny.remove("effects")
    said = run("preview", "effects")
    assert "Nothing happened." in said.out
    assert "bundled sample" in said.err
