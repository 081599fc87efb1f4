"""Every bad input gets its answer: rejected, skipped or counted, with the id and the reason."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from taiyi_corpus.cli.app import app
from taiyi_corpus.errors import InputError
from taiyi_corpus.schema.record import Record
from taiyi_corpus.traces.records import read_records
from taiyi_corpus.traces.rows import Policy, Read, read
from tests.traces.server import serving
from tests.traces.world import record, setting, spec


def asked(*records: Record, policy: Policy | None = None) -> Read:
    return read(records, setting(), "re", policy or Policy())


def left(found: Read) -> list[tuple[str, str]]:
    return [(one.status, one.reason) for one in found.left]


GOOD = record(1, ("POS", "0", "1"))


@pytest.mark.parametrize(
    "bad, reason",
    [
        (record(2, ("POS", "0", "1"), text=" "), "no_text"),
        (record(2, ("POS", "0", "9")), "unknown_reference"),
        (record(2, ("GOOD", "0", "1")), "unknown_type"),
        (record(2, ("POS", "0")), "too_few_arguments"),
        (record(2, ("POS", "0", "0")), "too_few_arguments"),
        (
            record(2, ("POS", "0", "1"), text="<answer> ketamol with midazol </answer>"),
            "text_holds_tags",
        ),
        (record(2, ("POS", "0", "1"), context="so </think>"), "text_holds_tags"),
    ],
)
def test_a_bad_record_is_rejected_with_its_id_and_the_rest_goes_on(
    bad: Record, reason: str
) -> None:
    found = asked(GOOD, bad, record(3, ("NEG", "0", "1")))
    assert left(found) == [("rejected", reason)]
    assert found.left[0].id == bad.id
    assert len(found.rows) == 2


def test_a_type_may_be_mapped() -> None:
    (row,) = asked(record(2, ("GOOD", "0", "1")), policy=Policy({"GOOD": "POS"})).rows
    assert row.gold[0]["type"] == "effective drug combination"


def test_relations_of_fewer_than_two_may_be_kept() -> None:
    (row,) = asked(record(2, ("POS", "0")), policy=Policy(keep_few=True)).rows
    assert row.gold == [{"type": "effective drug combination", "args": [["drug", "ketamol"]]}]


def test_a_relation_said_twice_is_said_once_and_counted() -> None:
    found = asked(record(2, ("POS", "0", "1"), ("POS", "1", "0"), ("POS", "0", "1")))
    assert len(found.rows[0].gold) == 1
    assert found.duplicates == 2


def test_one_set_under_two_types_is_kept() -> None:
    found = asked(record(2, ("POS", "0", "1"), ("NEG", "0", "1")))
    assert len(found.rows[0].gold) == 2
    assert found.duplicates == 0


def test_no_relation_is_an_answer_where_the_dataset_names_one() -> None:
    (row,) = asked(record(2)).rows
    assert row.gold == [{"type": "no drug combination", "args": []}]
    assert json.loads(row.answer) == [{"type": "no drug combination", "args": {}}]


def test_no_relation_is_skipped_and_counted_where_it_names_none() -> None:
    nameless = spec().model_copy(
        update={"labels": spec().labels.model_copy(update={"no_relation": None})}
    )
    found = read([GOOD, record(2)], setting(nameless), "re", Policy())
    assert left(found) == [("skipped", "no_relation")]
    assert len(found.rows) == 1


# --- files of records --------------------------------------------------------------------------


def written(path: Path, *values: object, array: bool = False) -> Path:
    texts = [msgspec.json.encode(value).decode() for value in values]
    path.write_text(f"[{','.join(texts)}]" if array else "\n".join(texts), encoding="utf-8")
    return path


@pytest.mark.parametrize("array", [False, True])
def test_records_come_as_lines_or_as_an_array(array: bool, tmp_path: Path) -> None:
    records, bad = read_records(written(tmp_path / "r.json", GOOD, {"id": "x"}, 3, array=array))
    assert records == [GOOD]
    assert [(one.id, one.reason) for one in bad] == [("x", "no_record"), ("r.json:3", "no_record")]


def test_half_a_surrogate_pair_is_no_text(tmp_path: Path) -> None:
    path = written(tmp_path / "r.jsonl", GOOD)
    path.write_text(path.read_text().replace("was given", "was \\ud800 given"))
    records, bad = read_records(path)
    assert records == []
    assert [(one.id, one.reason) for one in bad] == [(GOOD.id, "no_record")]


@pytest.mark.parametrize("text", ["", " \n ", "no JSON", "[1, 2", '{"id": 1'])
def test_a_file_that_is_empty_or_no_json_is_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text(text)
    with pytest.raises(InputError) as error:
        read_records(tmp_path / "r.jsonl")
    assert len(error.value.faults) == 1


# --- the command -------------------------------------------------------------------------------


def invoke(url: str, out: Path, *more: str) -> tuple[int, str]:
    args = [
        "traces",
        "drugcomb",
        "--endpoint",
        url,
        "--analyst",
        "a",
        "--reviewer",
        "r",
        "--out",
        str(out),
        *more,
    ]
    done = CliRunner().invoke(app, args)
    return done.exit_code, done.output


def test_the_command_writes_traces_of_records(tmp_path: Path) -> None:
    path = written(tmp_path / "r.jsonl", GOOD, record(2))
    with serving() as server:
        code, said = invoke(server.url, tmp_path / "out", "--records", str(path))
        assert code == 0, said
        assert "2 of 2 rows accepted (100.0 % of those finished)" in said
        assert "accepted so far: 100.0 %" in said
        code, said = invoke(server.url, tmp_path / "out", "--records", str(path), "--offline")
        assert "calls 0, replayed 4" in said


def test_the_exit_code_tells_that_records_were_rejected(tmp_path: Path) -> None:
    path = written(tmp_path / "r.jsonl", GOOD, record(2, ("GOOD", "0", "1")))
    with serving() as server:
        code, said = invoke(server.url, tmp_path / "out", "--records", str(path))
    assert code == 1
    assert "rejected drugcomb/train/0002: unknown_type" in said
    assert "1 of 1 rows accepted" in said


def test_bad_input_is_exit_code_2_and_nothing_is_written(tmp_path: Path) -> None:
    with serving(key="right") as server:
        for text in ("", "no JSON"):
            (tmp_path / "r.jsonl").write_text(text)
            code, said = invoke(
                server.url, tmp_path / "out", "--records", str(tmp_path / "r.jsonl")
            )
            assert (code, said.count("r.jsonl")) == (2, 1)
        path = written(tmp_path / "r.jsonl", GOOD)
        code, said = invoke(server.url, tmp_path / "out", "--records", str(path))
        assert (code, "a key that" in said) == (2, True)
        assert invoke(server.url, tmp_path / "out", "--records", str(path), "--task", "mt")[0] == 2
        assert (
            invoke(server.url, tmp_path / "out", "--records", str(path), "--map-type", "A")[0] == 2
        )
        for body in ("no", "[]", '{"stream": true}'):
            more = ("--records", str(path), "--analyst-body", body)
            assert invoke(server.url, tmp_path / "out", *more)[0] == 2
    code, said = invoke("http://127.0.0.1:9/v1", tmp_path / "out", "--records", str(path))
    assert (code, "an endpoint at" in said) == (2, True)
    assert not (tmp_path / "out").exists()


def test_the_key_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "right")
    path = written(tmp_path / "r.jsonl", GOOD)
    with serving(key="right") as server:
        code, said = invoke(server.url, tmp_path / "out", "--records", str(path))
    assert code == 0, said
    assert "right" not in said
    assert all(b"right" not in file.read_bytes() for file in (tmp_path / "out").iterdir())


@pytest.mark.parametrize("id_, task", [("bc5cdr", "ner"), ("hallmarks_of_cancer", "tc"), ("med_qa", "qa_choice"),
                                       ("cmeie_v2", "re"), ("chip_cdee", "ee"), ("pubmed_qa", "qa_yesno")])  # fmt: skip
def test_samples_of_every_task_and_language_get_traces(id_: str, task: str, tmp_path: Path) -> None:
    with serving() as server:
        done = CliRunner().invoke(app, [
            "traces", id_, "--task", task, "--samples", "--endpoint", server.url, "--analyst", "a", "--reviewer", "r",
            "--out", str(tmp_path / "out"), "--split", "train", "--limit", "2",
        ])  # fmt: skip
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["rows"] == report["accepted"] > 0, done.output
