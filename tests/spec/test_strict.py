"""Every fault a registry file may have: one line of a good file is changed, and the message is the whole message."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.mapping import Const, Join, Names
from taiyi_corpus.spec.strict import nearest_key, read_model, read_text, show_path

GOOD = """\
id: foo
name: Foo
language: en
tasks: [ner, tc]
about: Invented.
homepage: https://example.org/foo
citation: {text: Doe 2024.}
license: {name: MIT, says: us, redistributable: true}
access: open
source: {files: [{url: "https://example.org/a", path: a, size: 10}]}
reader: {format: jsonl, options: {encoding: utf-8}}
splits:
  train: {sources: [{files: ["*.jsonl"]}]}
map:
  id: key
  text: {join: [title, body], with: " "}
labels:
  classes:
    "yes": {en: "yes", zh: 是}
expect: {records: {train: 7}}
decompose: {ner: {all_types: 1}}
"""
VALUE = "a path, {const:}, {join:}, {path:, names:}, {path:, match:} at `map.id`"
YES = "bare yes, which YAML reads as true"


def faults_of(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_text(text, "foo.yaml", DatasetSpec)
    return [str(fault).removeprefix("foo.yaml:") for fault in caught.value.faults]


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, f"{old!r} is not one place of the good file"
    return GOOD.replace(old, new)


def test_the_good_file_is_read() -> None:
    spec = read_text(GOOD, "foo.yaml", DatasetSpec)
    assert spec.map.id == "key"
    assert spec.map.text == Join(join=["title", "body"], sep=" ")
    assert list(spec.labels.classes) == ["yes"]
    assert spec.decompose == {"ner": {"all_types": 1.0}}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("doc.title", "doc.title"),
        ('{const: "yes"}', Const(const="yes")),
        ("{const: 1}", Const(const=1)),
        ("{const: 1.5}", Const(const=1.5)),
        ("{const: true}", Const(const=True)),
        ("{join: [a]}", Join(join=["a"])),
        ('{path: a, names: {"1": b}}', Names(path="a", names={"1": "b"})),
        ("=", "="),  # a type of its own in YAML 1.1
        ("1e5", "1e5"),  # no number in YAML 1.1
    ],
)
def test_a_value_is_read_as_what_it_looks_like(written: str, meant: object) -> None:
    spec = read_text(changed("id: key", f"id: {written}"), "foo.yaml", DatasetSpec)
    assert spec.map.id == meant
    assert type(getattr(spec.map.id, "const", "")) is type(getattr(meant, "const", ""))


ONE_FAULT = {
    # keys
    "unknown key": (
        ("access: open", "access: open\ntag: [x]"),
        "10: wanted a known key, found 'tag'. Did you mean 'tags'?",
    ),
    "unknown key below": (
        ("id: key", "id: key\n  qestion: q"),
        "16: wanted a key of `map`, found 'qestion'. Did you mean 'question'?",
    ),
    "unknown key, none is near": (
        ('with: " "', "zzz: 1"),
        "16: wanted a key of `map.text`, found 'zzz'. Known: join, with, heads, skip, cut, repeats.",
    ),
    "the name in Python is no key": (
        ('with: " "', 'sep: " "'),
        "16: wanted a key of `map.text`, found 'sep'. Known: join, with, heads, skip, cut, repeats.",
    ),
    "missing key": (("name: Foo\n", ""), "1: wanted the key `name`, found none"),
    "missing key below": (
        ("says: us, ", ""),
        "8: wanted the key `license.says`, found none",
    ),
    "repeated key": (
        ("name: Foo", "name: Foo\nname: Bar"),
        "3: wanted each key once, found `name` again (first on line 2)",
    ),
    "bare yes as key": (
        ('"yes": {', "yes: {"),
        '19: wanted a string as key, found bare yes. Quote it: "yes".',
    ),
    "number as key": (
        ('"yes": {', "1: {"),
        '19: wanted a string as key, found bare 1. Quote it: "1".',
    ),
    "no key": (
        ("{train: 7}", "{train: 7, ? : 7}"),
        "20: wanted a string as key, found nothing. Give the key a name.",
    ),
    "list as key": (
        ('"yes": {', "[a]: {"),
        "19: wanted a string as key, found a list or a mapping",
    ),
    "merge key": (
        ("id: key", "<<: {group: g}"),
        "15: wanted a string as key, found the merge key <<. Write the values out.",
    ),
    "key that is no split": (
        ("train: 7", "dev: 7"),
        "20: wanted one of train, validation, test as key of `expect.records`, found 'dev'",
    ),
    "key that is nearly a split": (
        ("train: 7", "trian: 7"),
        "20: wanted one of train, validation, test as key of `expect.records`, found 'trian'. "
        "Did you mean 'train'?",
    ),
    # scalars that YAML reads as something else
    "bare yes for a string": (
        ("name: Foo", "name: yes"),
        f'2: wanted a non-empty string at `name`, found {YES}. Quote it: "yes".',
    ),
    "bare No for a string": (
        ("name: Foo", "name: No"),
        "2: wanted a non-empty string at `name`, found bare No, which YAML reads as false. "
        'Quote it: "No".',
    ),
    "bare true for a string": (
        ("name: Foo", "name: true"),
        '2: wanted a non-empty string at `name`, found true. Quote it: "true".',
    ),
    "leading zero": (
        ("name: Foo", "name: 01"),
        "2: wanted a non-empty string at `name`, found bare 01, which YAML reads as 1. "
        'Quote it: "01".',
    ),
    "time": (
        ("name: Foo", "name: 12:30"),
        "2: wanted a non-empty string at `name`, found bare 12:30, which YAML reads as 750. "
        'Quote it: "12:30".',
    ),
    "date": (
        ("name: Foo", "name: 2020-01-01"),
        "2: wanted a non-empty string at `name`, found bare 2020-01-01, which YAML reads as a date. "
        'Quote it: "2020-01-01".',
    ),
    "number for a string": (
        ("name: Foo", "name: 1.10"),
        '2: wanted a non-empty string at `name`, found the number 1.1. Quote it: "1.10".',
    ),
    "infinity": (
        ("all_types: 1", "all_types: .inf"),
        "21: wanted a number at `decompose.ner.all_types`, found bare .inf, which YAML reads as a number",
    ),
    "a number too long to be one": (
        ("size: 10", "size: 1234567890123456789"),
        "10: wanted a whole number at `source.files[0].size`, found bare 1234567890123456789, "
        "which YAML reads as a number",
    ),
    "underscores in a number": (
        ("size: 10", "size: 1_0"),
        "10: wanted a whole number at `source.files[0].size`, found bare 1_0, which YAML reads as 10. "
        "Write 10.",
    ),
    "bare yes for true": (
        ("redistributable: true", "redistributable: yes"),
        f"8: wanted true, false, unknown at `license.redistributable`, found {YES}. Write true.",
    ),
    "bare off where anything may stand": (
        ("encoding: utf-8", "header: off"),
        "11: wanted an unambiguous value at `reader.options.header`, found bare off, which YAML reads "
        'as false. Write false, or quote it: "off".',
    ),
    "date deep where anything may stand": (
        ("encoding: utf-8", "a: [{b: 2020-01-01}]"),
        "11: wanted an unambiguous value at `reader.options.a[0].b`, found bare 2020-01-01, which YAML "
        'reads as a date. Quote it: "2020-01-01".',
    ),
    # types
    "a string for a list": (
        ("tasks: [ner, tc]", "tasks: ner"),
        "4: wanted a list at `tasks`, found 'ner'. Write a list: [ner].",
    ),
    "a string for a number": (
        ("train: 7", "train: many"),
        "20: wanted a whole number at `expect.records.train`, found 'many'",
    ),
    "a decimal for a whole number": (
        ("train: 7", "train: 7.0"),
        "20: wanted a whole number at `expect.records.train`, found the number 7.0",
    ),
    "a list for a mapping": (
        ("citation: {text: Doe 2024.}", "citation: [Doe]"),
        "7: wanted a mapping at `citation`, found a list",
    ),
    "a mapping for a string": (
        ("about: Invented.", "about: {en: x}"),
        "5: wanted a non-empty string at `about`, found a mapping with en",
    ),
    "an empty string": (
        ("name: Foo", "name: ''"),
        "2: wanted a non-empty string at `name`, found ''",
    ),
    "nothing for a needed value": (
        ("name: Foo", "name:"),
        "2: wanted a non-empty string at `name`, found nothing. Write a value.",
    ),
    "nothing for a mapping that may be left out": (
        ("expect: {records: {train: 7}}", "expect:"),
        "20: wanted a mapping at `expect`, found nothing. Write a value, or leave it out.",
    ),
    "no word of the list": (
        ("language: en", "language: english"),
        "3: wanted one of en, zh, en-zh at `language`, found 'english'",
    ),
    "nearly a word of the list": (
        ("access: open", "access: opne"),
        "9: wanted one of open, registration, dua, dead-link at `access`, found 'opne'. "
        "Did you mean 'open'?",
    ),
    # unions: one fault, in the words of the registry
    "a number for a value": (
        ("id: key", "id: 12"),
        f'15: wanted {VALUE}, found the number 12. Quote it: "12".',
    ),
    "a list for a value": (("id: key", "id: [key]"), f"15: wanted {VALUE}, found a list"),
    "an empty mapping for a value": (
        ("id: key", "id: {}"),
        f"15: wanted {VALUE}, found an empty mapping",
    ),
    "no key of a value": (
        ("id: key", "id: {joim: [a]}"),
        f"15: wanted {VALUE}, found a mapping with joim. Did you mean 'join'?",
    ),
    "a value with a wrong key": (
        ("id: key", "id: {join: [a], wiht: x}"),
        "15: wanted a key of `map.id`, found 'wiht'. Did you mean 'with'?",
    ),
    "a value with a key missing": (
        ("id: key", "id: {path: a}"),
        "15: wanted the key `map.id.names`, found none",
    ),
    "a wrong part of a value": (
        ("id: key", "id: {join: [a, 1]}"),
        '15: wanted a string at `map.id.join[1]`, found the number 1. Quote it: "1".',
    ),
    "a wrong part of a constant": (
        ("id: key", "id: {const: [yes]}"),
        f'15: wanted a string at `map.id.const[0]`, found {YES}. Quote it: "yes".',
    ),
    "neither true nor false nor unknown": (
        ("redistributable: true", "redistributable: maybe"),
        "8: wanted true, false, unknown at `license.redistributable`, found 'maybe'",
    ),
    # YAML that is not read
    "anchor": (
        ("name: Foo", "name: &a Foo"),
        "2: wanted a value, found the anchor &a. Anchors are not read.",
    ),
    "alias": (
        ("name: Foo", "name: *a"),
        "2: wanted a value, found the alias *a. Write the value out: aliases are not read.",
    ),
    "tag": (
        ("name: Foo", "name: !!str 1"),
        "2: wanted a value without a tag, found the tag !!str. Tags are not read; a quoted value is a string.",
    ),
    "tag that names code": (
        ("name: Foo", "name: !!python/object/apply:os.getcwd []"),
        "2: wanted a value without a tag, found the tag !!python/object/apply:os.getcwd. "
        "Tags are not read; a quoted value is a string.",
    ),
    "too deep": (
        ("encoding: utf-8", "a: " + "[" * 40 + "]" * 40),
        "11: wanted at most 30 levels, found more",
    ),
    "second document": (
        ("decompose: {ner: {all_types: 1}}", "---\nname: Bar"),
        "21: wanted one document, found a second one. Write one file for each.",
    ),
    # no YAML
    "colon in a text": (
        ("about: Invented.", "about: Invented: all of it."),
        "5: wanted well-formed YAML, found an error: mapping values are not allowed in this context. "
        'Quote a text that contains ": ".',
    ),
    "tab": (
        ("  id: key", "\tid: key"),
        "15: wanted well-formed YAML, found an error: found character that cannot start any token. "
        "Indent with spaces, not tabs.",
    ),
    "control character": (
        ("name: Foo", "name: F\x01o"),
        "2: wanted printable characters, found a control character",
    ),
}


@pytest.mark.parametrize(("change", "message"), ONE_FAULT.values(), ids=ONE_FAULT.keys())
def test_one_fault_gives_one_message(change: tuple[str, str], message: str) -> None:
    assert faults_of(changed(*change)) == [message]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: wanted a mapping, found nothing"),
        ("# a comment\n", "1: wanted a mapping, found nothing"),
        ("- a\n", "1: wanted a mapping, found a list"),
        (
            "a:\n  [1\nb: 2\n",
            "3: wanted well-formed YAML, found an error: did not find expected ',' or ']' "
            "while parsing a flow sequence from line 2",
        ),
    ],
)
def test_a_file_without_a_mapping_is_one_fault(text: str, message: str) -> None:
    assert faults_of(text) == [message]


def test_all_faults_of_a_file_are_raised_at_once_in_the_order_of_lines() -> None:
    text = (
        GOOD.replace("name: Foo", "name: yes")
        .replace("tasks: [ner, tc]", "tasks: [ner, rel]\ntasks: 1")
        .replace("says: us, ", "")
        .replace("encoding: utf-8", "header: on")
        .replace("id: key", "id: &a {joim: [a]}")
        .replace('"yes": {', "no: {")
        .replace("train: 7", "train: -")
    )
    lines = [fault.split(":")[0] for fault in faults_of(text)]
    assert lines == ["2", "4", "5", "9", "12", "16", "16", "20", "21"]


def test_where_anything_may_stand_an_ambiguous_scalar_is_found_beside_other_faults() -> None:
    text = changed("encoding: utf-8", "header: off").replace("name: Foo\n", "")
    assert [fault[:2] for fault in faults_of(text)] == ["1:", "10"]


def test_an_alias_bomb_is_refused_where_it_starts() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    found = faults_of("\n".join(lines))
    assert "1: wanted a value, found the anchor &a0. Anchors are not read." in found
    assert sum("aliases are not read" in fault for fault in found) == 8 * 9


def test_faults_name_the_file_and_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "registry" / "en" / "foo.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(changed("name: Foo\n", ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"\Aregistry/en/foo\.yaml:1: wanted the key `name`"):
        read_model(path, DatasetSpec, root=tmp_path / "registry")
    monkeypatch.chdir(tmp_path / "registry")
    with pytest.raises(InputError, match=r"\Aen/foo\.yaml:1: wanted the key `name`"):
        read_model(path, DatasetSpec)


def test_a_file_that_is_not_utf_8_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("foo.yaml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(InputError) as caught:
        read_model(Path("foo.yaml"), DatasetSpec)
    message = "foo.yaml:19: wanted UTF-8 text, found the byte 0xca. Save the file as UTF-8."
    assert str(caught.value) == message


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "foo.yaml").write_text(GOOD, encoding="utf-8-sig")
    assert read_model(tmp_path / "foo.yaml", DatasetSpec).id == "foo"


def test_a_file_that_is_not_there_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        read_model(Path("foo.yaml"), DatasetSpec)
    assert str(caught.value) == "foo.yaml: wanted a readable file, found No such file or directory"


def test_the_nearest_key_is_one_as_yaml_writes_it() -> None:
    assert nearest_key("wiht", Join) == "Did you mean 'with'?"
    assert nearest_key("zzz", Const) == "Known: const."


def test_a_path_elsewhere_is_shown_from_the_registry_on(tmp_path: Path) -> None:
    assert show_path(tmp_path / "r" / "en" / "a.yaml", tmp_path / "r") == "r/en/a.yaml"
    assert show_path(Path("a.yaml")) == "a.yaml"
