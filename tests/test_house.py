"""House rules that a cheap look at the tree can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "taiyi_corpus"
LONGEST_MODULE = 300
DATASET_FOLDERS = ("en", "zh", "general", "extra")

OURS = ("taiyi_corpus", "templates", "registry", "tests", "docs", "benchmarks", ".ci")
NOT_OURS = {"__pycache__", ".pytest_cache", ".hypothesis", ".mypy_cache", ".ruff_cache"}
# Put together from parts, so that this file does not find itself.
MACHINE_FOLDERS = ("work", "tmp", "root", "home")
REGISTRY_HOSTS = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
FORBIDDEN = {
    # A path starts where no address, longer path or word is under way.
    "machine path": re.compile(r"(?<![\w.:/\-\]})~])/(?:" + "|".join(MACHINE_FOLDERS) + r")/\w"),
    "package registry host": re.compile("|".join(r"\.".join(host) for host in REGISTRY_HOSTS)),
}


def our_files() -> Iterator[Path]:
    yield from (path for path in sorted(ROOT.iterdir()) if path.is_file())
    for folder in OURS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and NOT_OURS.isdisjoint(path.parts):
                yield path


def findings(text: str) -> list[str]:
    return [
        f"{kind}: {match.group()!r} in line {text.count(chr(10), 0, match.start()) + 1}"
        for kind, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
    ]


def dataset_files() -> list[Path]:
    return [
        path
        for folder in DATASET_FOLDERS
        for path in sorted((ROOT / "registry" / folder).rglob("*.yaml"))
    ]


def pyproject() -> dict[str, Any]:
    tomllib = pytest.importorskip("tomllib", reason="Python 3.10 has no TOML reader")
    loaded: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return loaded


def test_modules_are_short() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }
    assert lengths
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_both_languages_have_the_same_template_files() -> None:
    names = {
        language: {
            path.relative_to(ROOT / "templates" / language).as_posix()
            for path in (ROOT / "templates" / language).rglob("*.yaml")
        }
        for language in ("en", "zh")
    }
    assert names["en"] == names["zh"]


def test_a_dataset_file_is_named_by_its_id() -> None:
    ids = {
        path.relative_to(ROOT).as_posix(): yaml.safe_load(path.read_text(encoding="utf-8")).get(
            "id"
        )
        for path in dataset_files()
    }
    assert {path: id_ for path, id_ in ids.items() if Path(path).stem != id_} == {}


def test_a_dataset_id_is_used_once() -> None:
    ids = [path.stem for path in dataset_files()]
    assert sorted({id_ for id_ in ids if ids.count(id_) > 1}) == []


@pytest.mark.parametrize(
    "text",
    [
        "read /" + "work/data/a.txt",
        "out = '/" + "tmp/x'",
        '"/' + 'home/me/.cache"',
        "--index https://" + "pypi" + ".org/simple",
    ],
)
def test_the_patterns_find_machine_paths_and_registry_hosts(text: str) -> None:
    assert len(findings(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/work/page.html",
        "a/tmp/b",
        "{root}/work/x",
        "and/or",
        "the share of work/home visits",
    ],
)
def test_the_patterns_leave_addresses_and_relative_paths_alone(text: str) -> None:
    assert findings(text) == []


def test_no_file_names_a_machine_path_or_a_registry_host() -> None:
    found = {
        str(path.relative_to(ROOT)): faults
        for path in our_files()
        # Archives and tables of the samples are read as text too: names in them are names.
        if (faults := findings(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert found == {}


def test_the_checked_layers_are_the_documented_ones() -> None:
    contract = pyproject()["tool"]["importlinter"]["contracts"][0]
    checked = [set(re.findall(r"\w+", layer)) for layer in contract["layers"]]
    page = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    table = page.split("## Layers", 1)[1].split("\n## ", 1)[0]
    first_cells = re.findall(r"^\| (`.+?`) \|", table, flags=re.MULTILINE)
    assert checked == [set(re.findall(r"`(\w+)`", cell)) for cell in first_cells]


def test_the_citation_names_the_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == pyproject()["project"]["version"]
