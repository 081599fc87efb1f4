"""Three invented datasets with enough rows to make several parts of a mix, and builds of them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.pipeline.build import build
from taiyi_corpus.pipeline.gather import silent
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import load_registry

DRIVER = Path(__file__).with_name("driver.py")
HEAD = {
    "about": "Invented.",
    "homepage": "https://example.org",
    "citation": {"text": "Doe 2024"},
    "license": {"name": "MIT", "says": "LICENSE", "redistributable": True},
    "access": "open",
    "source": {"manual": "Ask Jane Doe."},
}
SPECS: dict[str, dict[str, Any]] = {
    "classes": {
        "language": "zh",
        "tasks": ["tc"],
        "reader": {"format": "csv", "options": {"delimiter": "\t"}},
        "splits": {
            "train": {"sources": [{"files": ["train.tsv"]}]},
            "test": {"sources": [{"files": ["test.tsv"]}], "benchmark": ["classes"]},
        },
        "map": {"id": "id", "text": "text", "labels": {"path": "label"}},
        "labels": {
            "classes": {"a": {"en": "first", "zh": "甲类"}, "b": {"en": "second", "zh": "乙类"}}
        },
        "unique_by": "text",
    },
    "mentions": {
        "language": "en",
        "tasks": ["ner"],
        "reader": {"format": "jsonl"},
        "splits": {
            "train": {"sources": [{"files": ["train.jsonl"]}]},
            "validation": {"sources": [{"files": ["dev.jsonl"]}]},
        },
        "map": {"id": "id", "text": "text", "entities": {"spans": "spans"}},
        "labels": {
            "entities": {
                "Drug": {"en": "drug", "zh": "药物"},
                "Gene": {"en": "gene", "zh": "基因"},
            }
        },
        "known_faults": [
            {
                "fault": "span_mismatch",
                "count": {"train": 9},
                "resolve": "drop",
                "note": "one word off",
            }
        ],
    },
    "questions": {
        "language": "en",
        "tasks": ["qa_sqa"],
        "tags": ["general"],
        "reader": {"format": "jsonl"},
        "splits": {"train": {"sources": [{"files": ["train.jsonl"]}]}},
        "map": {"question": "q", "answers": {"text": "a"}},
    },
}
RECIPE = {
    "name": "world",
    "about": "For tests.",
    "stage": 1,
    "rows": 300,
    "splits": ["train", "validation"],
    "groups": [
        {"name": "tasks", "share": 0.7, "select": {"without_tags": ["general"]}},
        {"name": "general", "share": 0.3, "select": {"tags": ["general"]}},
    ],
    "curate": {"filters": ["answer_is_question"]},
    "negatives": {"ner": 0.5},
    "shard_rows": 70,
}


@dataclass(frozen=True)
class World:
    """A registry and the data it describes."""

    folder: Path

    @property
    def registry(self) -> Path:
        return self.folder / "registry"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def build(
        self, out: Path, *, workers: int = 1, named: Iterable[str] = (), **given: Any
    ) -> Manifest:
        """Build in this process; `given` replaces keys of the recipe."""
        progress = given.pop("progress", silent)
        recipe = Recipe.model_validate(RECIPE | given)
        registry = load_registry([self.registry])
        return build(
            registry, recipe, self.data, out, workers=workers, named=list(named), progress=progress
        ).manifest

    def run(
        self,
        out: Path,
        *flags: str,
        workers: int = 1,
        hash_seed: str = "0",
        engine: str = "local",
        to: str = "",
        **variables: str,
    ) -> int:
        """Build in a process of its own, `to` an address if one is given; return its exit code."""
        command = [
            sys.executable,
            str(DRIVER),
            str(self.registry),
            str(self.data),
            to or str(out),
            str(workers),
            engine,
        ]
        cache = {"TAIYI_CORPUS_CACHE": str(out.parent / f"cache-{out.name}")}
        environ = {**os.environ, **cache, **variables, "PYTHONHASHSEED": hash_seed}
        return subprocess.run(
            [*command, json.dumps(RECIPE), *flags], env=environ, check=False
        ).returncode


def make_world(folder: Path, specs: dict[str, dict[str, Any]] = SPECS) -> World:
    """Write the registry and the data; files are made in the order of `specs`."""
    world = World(folder)
    world.registry.mkdir(parents=True)
    for id_, spec in specs.items():
        entry = {"id": id_, "name": id_.title(), **HEAD, **spec}
        (world.registry / f"{id_}.yaml").write_text(yaml.safe_dump(entry, allow_unicode=True))
        (world.data / id_).mkdir(parents=True)
        FILES[id_](world.data / id_)
    return world


def _classes(folder: Path) -> None:
    # No text of a held-out split is one of `train`, which curating would take out.
    for split, when, count in (("test", "夜", 20), ("train", "天", 120)):
        rows = [f"{n}\t患者第{n % 110}{when}咳嗽。\t{'ab'[n % 2]}" for n in range(count)]
        rows += ["broken"] if split == "train" else []
        (folder / f"{split}.tsv").write_text("id\ttext\tlabel\n" + "\n".join(rows) + "\n")


def _mentions(folder: Path) -> None:
    for name, numbers in (("dev", range(1000, 1030)), ("train", range(150))):
        rows = []
        for n in numbers:
            text = f"Aspirin and gene{n} meet."
            drug = {"type": "Drug", "spans": [[0, 7]], "text": "Aspirin" if n % 20 else "aspirin"}
            gene = {"type": "Gene", "spans": [[12, 16 + len(str(n))]], "text": f"gene{n}"}
            rows.append(
                {"id": f"{name}{n}", "text": text, "entities": [drug, gene] if n % 5 else []}
            )
        lines = [json.dumps(row) for row in rows] + (["{"] if name == "train" else [])
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")


def _questions(folder: Path) -> None:
    rows = [
        {"q": f"What is {n}?", "a": f"It is {n}." if n % 10 else f"What is {n}?"}
        for n in range(100)
    ]
    (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


FILES = {"classes": _classes, "mentions": _mentions, "questions": _questions}


def shards(out: Path) -> dict[str, str]:
    """File name -> hash of its bytes."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((out / "data").iterdir())
    }


def rows(out: Path, split: str = "train") -> list[dict[str, Any]]:
    """The rows of a split, in the order of the corpus."""
    found: list[dict[str, Any]] = []
    for path in sorted((out / "data").glob(f"{split}-*.parquet")):
        found += pq.read_table(path).to_pylist()
    return found
