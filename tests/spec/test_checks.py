"""Names in a registry file that must agree with each other, and names that must be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus.adapters import __path__ as adapter_folders
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.readers import READERS, options_of
from taiyi_corpus.spec.checks import Parts, validate_registry, validate_spec
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.registry import load_registry
from taiyi_corpus.spec.strict import read_model

GOOD = """\
id: foo
name: Foo
language: en
tasks: [ner, re, tc]
about: Invented.
homepage: https://example.org/foo
citation: {text: Doe 2024.}
license: {name: MIT, says: us, redistributable: true}
access: open
source: {manual: ask us}
reader: {format: csv, options: {sep: ";"}}
adapter: joined
side: {more: {files: [b.csv], reader: {format: csv}}}
splits:
  train: {sources: [{files: [a.csv]}]}
  test: {sources: [{files: [c.csv]}], benchmark: [foo]}
map:
  entities: {rename: {D: Drug}}
  labels: {path: class, names: {"1": good}}
labels:
  entities: {Drug: {en: drug, zh: 药物}, Illness: {en: illness, zh: 疾病}}
  relations: {treats: {en: treats, zh: 治疗, args: {drug: [Drug], illness: [Illness]}}}
  classes: {good: {en: good, zh: 好}, other: {en: other, zh: 其他}}
  none: other
decompose: {ner: {one_type: 0.5}}
expect: {records: {train: 7, test: 3}}
known_faults:
  - {fault: span_mismatch, count: {train: 1}, note: a hyphen}
shares_source_with: [bar]
variants:
  jsonl: {note: converted, reader: {format: lines}, splits: {train: {sources: [{files: [a.txt]}]}}}
"""
PARTS = Parts(
    readers=("csv", "lines"),
    options_of=lambda reader: {"csv": ("sep", "header"), "lines": ()}[reader],
    adapters=("joined",),
    forms={"ner": ("all_types", "one_type")},
)


def found(tmp_path: Path, text: str, parts: Parts | None = PARTS, folder: str = "en") -> list[str]:
    path = tmp_path / folder / "foo.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    faults = validate_spec(read_model(path, DatasetSpec), path, parts, root=tmp_path / folder)
    return [str(fault).removeprefix(f"{folder}/foo.yaml:") for fault in faults]


ONE_FAULT = {
    "language of another folder": (
        ("language: en", "language: zh"),
        "3: wanted en or en-zh, as the folder says, found 'zh'",
    ),
    "task without labels": (
        ("tasks: [ner, re, tc]", "tasks: [ner, re, tc, ee]"),
        "4: wanted `labels.events` for the task ee, found none",
    ),
    "task twice": (
        ("tasks: [ner, re, tc]", "tasks: [ner, re, tc, re]"),
        "4: wanted each task once, found 're' again",
    ),
    "unknown reader": (
        (
            "side: {more: {files: [b.csv], reader: {format: csv}}}",
            "side: {more: {files: [b.csv], reader: {format: csvv}}}",
        ),
        "13: wanted the name of a reader at `side.more.reader.format`, found 'csvv'. Did you mean 'csv'?",
    ),
    "unknown option": (
        ("options: {sep:", "options: {sepp:"),
        "11: wanted an option of the reader csv at `reader.options.sepp`, found 'sepp'. "
        "Did you mean 'sep'?",
    ),
    "unknown reader of a variant": (
        ("{format: lines}", "{format: line}"),
        "31: wanted the name of a reader at `variants.jsonl.reader.format`, found 'line'. "
        "Did you mean 'lines'?",
    ),
    "unknown adapter": (
        ("adapter: joined", "adapter: join"),
        "12: wanted the name of an adapter at `adapter`, found 'join'. Did you mean 'joined'?",
    ),
    "unknown adapter of a variant": (
        ("note: converted,", "note: converted, adapter: jojned,"),
        "31: wanted the name of an adapter at `variants.jsonl.adapter`, found 'jojned'. "
        "Did you mean 'joined'?",
    ),
    "unknown form": (
        ("one_type: 0.5", "one: 0.5"),
        "25: wanted a form of ner at `decompose.ner.one`, found 'one'. Known: all_types, one_type.",
    ),
    "form of a task that the dataset has not": (
        ("decompose: {ner: {one_type: 0.5}}", "decompose: {nen: {}}"),
        "25: wanted a task of this dataset at `decompose.nen`, found 'nen'. Did you mean 'ner'?",
    ),
    "argument of an unknown type": (
        ("drug: [Drug]", "drug: [Drugs]"),
        "22: wanted a type that `labels` lists at `labels.relations.treats.args.drug[0]`, found 'Drugs'. "
        "Did you mean 'Drug'?",
    ),
    "unknown class for none": (
        ("none: other", "none: others"),
        "24: wanted one of `labels.classes` at `labels.none`, found 'others'. Did you mean 'other'?",
    ),
    "renamed to an unknown type": (
        ("{D: Drug}", "{D: Drg}"),
        "18: wanted one of `labels.entities` at `map.entities.rename.D`, found 'Drg'. Did you mean 'Drug'?",
    ),
    "renamed to an unknown class": (
        ('"1": good', '"1": god'),
        "19: wanted one of `labels.classes` at `map.labels.names.1`, found 'god'. Did you mean 'good'?",
    ),
    "count of a split that is not there": (
        ("test: 3}", "validation: 3}"),
        "26: wanted a split of this dataset at `expect.records.validation`, found 'validation'. "
        "Known: test, train.",
    ),
    "fault of a split that is not there": (
        ("count: {train: 1}", "count: {validation: 1}"),
        "28: wanted a split of this dataset at `known_faults[0].count.validation`, found 'validation'. "
        "Known: test, train.",
    ),
    "unknown fault": (
        ("fault: span_mismatch", "fault: span_missmatch"),
        "28: wanted the code of a fault at `known_faults[0].fault`, found 'span_missmatch'. "
        "Did you mean 'span_mismatch'?",
    ),
    "fault stated twice": (
        ("note: a hyphen}", "note: a hyphen}\n  - {fault: span_mismatch, count: {}, note: again}"),
        "29: wanted each fault once, found 'span_mismatch' again",
    ),
    "benchmark of two splits": (
        ("[a.csv]}]}", "[a.csv]}], benchmark: [foo]}"),
        "16: wanted a benchmark id of its own, found 'foo', as train has",
    ),
}


@pytest.mark.parametrize(("change", "message"), ONE_FAULT.values(), ids=ONE_FAULT.keys())
def test_one_fault_gives_one_message(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert GOOD.count(change[0]) == 1, f"{change[0]!r} is not one place of the good file"
    assert found(tmp_path, GOOD.replace(*change)) == [message]


def test_the_good_file_has_no_fault(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD) == []


@pytest.mark.parametrize("folder", ["general", "extra", "mine"])
def test_other_folders_hold_any_language(tmp_path: Path, folder: str) -> None:
    assert found(tmp_path, GOOD.replace("language: en", "language: zh"), folder=folder) == []


def test_parallel_texts_may_stand_in_either_folder(tmp_path: Path) -> None:
    text = GOOD.replace("language: en", "language: en-zh")
    assert found(tmp_path, text, folder="en") == found(tmp_path, text, folder="zh") == []


def test_a_label_set_left_out_allows_any_name(tmp_path: Path) -> None:
    text = GOOD.replace("{D: Drug}", "{D: Drg}").replace("tasks: [ner, re, tc]", "tasks: [tc]")
    text = "\n".join(
        line
        for line in text.splitlines()
        if not line.startswith(("  entities: {Drug", "  relations", "decom"))
    )
    assert found(tmp_path, text) == []


def test_names_of_upper_layers_are_checked_only_when_these_are_given(tmp_path: Path) -> None:
    text = GOOD.replace("adapter: joined", "adapter: none_such").replace("sep:", "sepp:")
    assert found(tmp_path, text, parts=None) == []
    assert len(found(tmp_path, text)) == 2


def test_all_faults_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = GOOD
    for name in ("unknown fault", "language of another folder", "unknown option", "unknown form"):
        text = text.replace(*ONE_FAULT[name][0])
    assert [fault.split(":")[0] for fault in found(tmp_path, text)] == ["3", "11", "25", "28"]


def test_shared_sources_and_benchmarks_are_checked_between_files(tmp_path: Path) -> None:
    root = tmp_path / "registry"
    (root / "en").mkdir(parents=True)
    (root / "en" / "foo.yaml").write_text(GOOD, encoding="utf-8")
    other = GOOD.replace("id: foo", "id: bar").replace("with: [bar]", "with: [bar, fooo]")
    (root / "en" / "bar.yaml").write_text(other, encoding="utf-8")
    assert [str(fault) for fault in validate_registry(load_registry([root]), PARTS)] == [
        "registry/en/bar.yaml:29: wanted the id of another dataset, found 'bar'",
        "registry/en/bar.yaml:29: wanted the id of a dataset at `shares_source_with[1]`, found 'fooo'. "
        "Did you mean 'foo'?",
        "registry/en/foo.yaml:16: wanted a benchmark id of its own, found 'foo', which bar has",
    ]


def test_the_shipped_registry_has_no_fault() -> None:
    root = Path(__file__).parents[2] / "registry"
    parts = Parts(
        readers=READERS,
        options_of=options_of,
        adapters=[
            path.stem for folder in adapter_folders for path in Path(folder).glob("[a-z]*.py")
        ],
        forms={task: list(forms) for task, forms in FORMS.items()},
    )
    assert [str(fault) for fault in validate_registry(load_registry([root]), parts)] == []
