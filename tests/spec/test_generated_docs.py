"""The pages made from the code say what the code says."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from taiyi_corpus.readers import READERS, options_of
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec import dataset, mapping, record_map
from taiyi_corpus.spec.checks import validate_spec
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.strict import read_model
from taiyi_corpus.spec.words import keys

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    [
        "registry-keys.md",
        "recipes.md",
        "cli.md",
        "catalogue.md",
        "gallery.md",
        "readers.md",
        "schema.md",
        "schema.json",
    ],
)
def test_the_page_is_what_the_code_gives(generate: ModuleType, name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == generate.PAGES[name](), "run: python docs/generate.py"


def test_every_option_of_every_reader_has_a_meaning(generate: ModuleType) -> None:
    page = generate.readers()
    for name in READERS:
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for option in options_of(name):
            assert re.search(rf"^\| `{option}` \| .* \| [^ |].* \|$", section, re.MULTILINE), option


def test_every_key_of_every_model_is_a_row_with_a_meaning(generate: ModuleType) -> None:
    page = generate.registry_keys()
    models = [
        model
        for module in (mapping, record_map, dataset)
        for model in vars(module).values()
        if isinstance(model, type)
        and issubclass(model, mapping.Strict)
        and model is not mapping.Strict
    ]
    assert len(models) > 30
    for model in models:
        title = "## A dataset" if model is DatasetSpec else f"### {model.__name__}"
        section = re.split(r"\n##", page.split(f"\n{title}\n", 1)[1])[0]
        rows = re.findall(r"^\| `(.+?)` \|.*\| (.*?) \|$", section, flags=re.MULTILINE)
        assert [key for key, _ in rows] == list(keys(model)), model.__name__
        assert all(meaning for _, meaning in rows), model.__name__


def test_every_field_of_the_record_has_a_meaning(generate: ModuleType) -> None:
    rows = re.findall(r"^\| `(.+?)` \|.*\| (.*?) \|$", generate.schema(), flags=re.MULTILINE)
    assert {name for name, _ in rows} >= set(Record.__struct_fields__)
    assert [name for name, meaning in rows if not meaning] == []


def test_every_link_of_a_page_leads_to_a_title(generate: ModuleType) -> None:
    for page in (generate.registry_keys(), generate.schema()):
        titles = {
            re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
            for title in re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE)
        }
        links = set(re.findall(r"\]\(#(.+?)\)", page))
        assert links
        assert links <= titles


def test_the_json_schema_is_that_of_the_record(generate: ModuleType) -> None:
    record = json.loads(generate.schema_json())["$defs"]["Record"]
    assert list(record["properties"]) == list(Record.__struct_fields__)
    assert record["required"] == ["id", "dataset", "split", "language", "origin", "license"]


def test_the_example_is_a_good_registry_file() -> None:
    path = DOCS / "example-dataset.yaml"
    assert validate_spec(read_model(path, DatasetSpec), path) == []


def test_the_catalogue_has_a_line_for_every_dataset() -> None:
    lines = (DOCS / "catalogue.md").read_text(encoding="utf-8").splitlines()
    ids = [
        path.stem
        for folder in ("en", "zh", "general", "extra")
        for path in (DOCS.parent / "registry" / folder).glob("*.yaml")
    ]
    assert all(sum(line.startswith(f"| [`{id_}`]") for line in lines) == 1 for id_ in ids)
