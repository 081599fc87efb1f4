"""Which files are datasets, and what is wrong with a directory of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.spec.registry import Registry, load_registry

SPEC = """\
id: {id}
name: Foo
language: {language}
tasks: [ner]
about: Invented.
homepage: https://example.org/foo
citation: {{text: Doe 2024.}}
license: {{name: MIT, says: us, redistributable: true}}
access: open
source: {{manual: ask us}}
reader: {{format: jsonl}}
splits:
  train: {{sources: [{{files: ["*.jsonl"]}}]}}
"""


def write(root: Path, place: str, id_: str | None = None, language: str = "en") -> Path:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SPEC.format(id=id_ or path.stem, language=language), encoding="utf-8")
    return path


def messages(*dirs: Path, ids: list[str] | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_registry(dirs, ids)
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    """A directory laid out as the shipped one is."""
    root = tmp_path / "registry"
    write(root, "zh/cedi.yaml", language="zh")
    write(root, "en/foo.yaml")
    write(root, "en/bar.yaml")
    write(root, "general/chatty.yaml")
    write(root, "extra/more.yaml")
    for other in ("recipes/tiny.yaml", "samples/foo/expected.yaml", "drafts/new.yaml"):
        (root / other).parent.mkdir(parents=True, exist_ok=True)
        (root / other).write_text("this is: [no dataset", encoding="utf-8")
    (root / "en" / "README.md").write_text("no dataset", encoding="utf-8")
    return root


def test_datasets_come_in_the_order_of_ids(bundled: Path) -> None:
    registry = load_registry([bundled])
    assert list(registry) == ["bar", "cedi", "chatty", "foo", "more"]
    assert len(registry) == 5
    assert registry["cedi"].language == "zh"


def test_a_registry_says_where_a_dataset_stands(bundled: Path) -> None:
    registry = load_registry([bundled])
    assert registry.path("cedi") == bundled / "zh" / "cedi.yaml"
    assert [registry.folder(id_) for id_ in registry] == ["en", "zh", "general", "en", "extra"]
    assert registry.sample_dir("foo") == bundled / "samples" / "foo"
    assert registry.sample_dir("bar") is None


def test_a_users_directory_holds_files_directly_or_in_such_folders(
    bundled: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    write(mine, "own.yaml")
    write(mine, "zh/ziji.yaml", language="zh")
    (mine / "samples" / "own").mkdir(parents=True)
    registry = load_registry([bundled, mine])
    assert set(registry) >= {"own", "ziji", "foo"}
    assert (registry.folder("own"), registry.folder("ziji")) == ("user", "zh")
    assert registry.sample_dir("own") == mine / "samples" / "own"


def test_only_the_files_asked_for_are_read(bundled: Path) -> None:
    (bundled / "en" / "bar.yaml").write_text("id: [", encoding="utf-8")
    assert list(load_registry([bundled], ["foo", "cedi"])) == ["cedi", "foo"]
    assert messages(bundled, ids=["bar"])[0].startswith(
        "registry/en/bar.yaml:1: wanted well-formed YAML"
    )


def test_an_unknown_id_gets_its_neighbours(bundled: Path) -> None:
    assert messages(bundled, ids=["fooo", "cedi", "xyz"]) == [
        "registry: wanted the id of a dataset, found 'fooo'. Did you mean 'foo'?",
        "registry: wanted the id of a dataset, found 'xyz'. `taiyi-corpus list` names them all.",
    ]


def test_the_file_name_is_the_id(bundled: Path) -> None:
    write(bundled, "en/baz.yaml", id_="bazz")
    assert messages(bundled) == [
        "registry/en/baz.yaml: wanted `id` 'baz', found 'bazz'. "
        "Call the file bazz.yaml, or write id: baz."
    ]


def test_a_repeated_id_names_both_files(bundled: Path, tmp_path: Path) -> None:
    write(tmp_path / "mine", "foo.yaml")
    assert messages(bundled, tmp_path / "mine") == [
        "mine/foo.yaml: wanted an id of its own, not 'foo', found that id in registry/en/foo.yaml. "
        "Give one of the two another id."
    ]


def test_two_directories_of_one_name_are_told_apart(bundled: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "registry"
    write(other, "en/foo.yaml")
    assert messages(bundled, other) == [
        f"{other}/en/foo.yaml: wanted an id of its own, not 'foo', found that id in "
        f"{bundled}/en/foo.yaml. Give one of the two another id."
    ]


def test_a_directory_named_twice_is_one_directory(bundled: Path) -> None:
    assert len(load_registry([bundled, bundled / "en" / ".."])) == 5


def test_a_yml_file_is_not_passed_over(bundled: Path) -> None:
    write(bundled, "en/qux.yml")
    assert messages(bundled) == [
        "registry/en/qux.yml: wanted a file named .yaml, found .yml. Call it qux.yaml."
    ]


def test_a_directory_that_is_none_is_a_fault(tmp_path: Path) -> None:
    assert messages(tmp_path / "none") == [
        f"{tmp_path / 'none'}: wanted a folder of registry files, found no folder"
    ]


def test_the_faults_of_all_files_come_at_once(bundled: Path) -> None:
    for name in ("foo", "bar"):
        path = bundled / "en" / f"{name}.yaml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("name: Foo\n", ""), encoding="utf-8"
        )
    assert messages(bundled) == [
        "registry/en/bar.yaml:1: wanted the key `name`, found none",
        "registry/en/foo.yaml:1: wanted the key `name`, found none",
    ]


def test_a_registry_cannot_be_changed(bundled: Path) -> None:
    registry: Registry = load_registry([bundled])
    with pytest.raises(TypeError):
        registry["foo"] = registry["bar"]  # type: ignore[index]


def test_listing_datasets_imports_no_reader() -> None:
    script = (
        "import sys, taiyi_corpus.spec.registry; "
        "print([m for m in ('pandas', 'lxml', 'pyarrow', 'taiyi_corpus.readers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
