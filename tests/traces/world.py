"""Records of the dataset of drug combinations, invented, and runs over them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from taiyi_corpus import paths
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.schema.record import Argument, Entity, Record, Relation, Span
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Group, Recipe
from taiyi_corpus.spec.registry import load_registry
from taiyi_corpus.traces.endpoint import Model
from taiyi_corpus.traces.make import Made, make
from taiyi_corpus.traces.rows import Policy, Read, read
from taiyi_corpus.traces.run import Bounds
from tests.traces.server import Server

DRUGS = ("ketamol", "midazol", "fluoxol")


def spec(id_: str = "drugcomb") -> DatasetSpec:
    return load_registry([paths.bundled("registry")], [id_])[id_]


def setting(of: DatasetSpec | None = None, language: str = "same") -> Setting:
    recipe = {"name": "traces", "about": "Traces.", "stage": 2, "instruction_language": language}
    return Setting(of or spec(), Recipe.model_validate({**recipe, "groups": [Group(name="all")]}))


def record(case: int, *relations: tuple[str, ...], text: str | None = None, **more: Any) -> Record:
    """A record whose relations name drugs by their number: ("POS", "0", "1")."""
    said = (
        f"In case {case:04} {DRUGS[0]} with {DRUGS[1]} and {DRUGS[2]} was given ."
        if text is None
        else text
    )
    entities = [
        Entity(id=f"T{n}", type="drug", spans=[Span(said.find(d), said.find(d) + len(d))], text=d)
        for n, d in enumerate(DRUGS)
        if d in said
    ]
    made = [
        Relation(id=f"R{n}", type=type_, args=[Argument(role="Drug", ref=f"T{a}") for a in args])
        for n, (type_, *args) in enumerate(relations)
    ]
    identity = {
        "dataset": "drugcomb",
        "split": "train",
        "language": "en",
        "origin": "raw",
        "license": "none",
    }
    given = {"text": said, "entities": entities, "relations": made, **identity, **more}
    return Record(id=f"drugcomb/train/{case:04}", **given)


def records(count: int) -> list[Record]:
    """Records of all sorts: a pair, three drugs, two relations, none."""
    sorts = [
        (("POS", "0", "1"),),
        (("NEG", "0", "1", "2"),),
        (("POS", "0", "1"), ("COMB", "1", "2")),
        (),
    ]
    return [record(case, *sorts[case % 4]) for case in range(count)]


def questions(count: int) -> Read:
    return read(records(count), setting(), "re", Policy())


def run(server: Server | str, folder: Path, found: Read, *, key: str = "", **given: Any) -> Made:
    """Make traces at a server; `given` are bounds and arguments of `make`."""
    url = server if isinstance(server, str) else server.url
    names = {name: given.pop(name) for name in Bounds.__struct_fields__ if name in given}
    models = {"analyst": Model(url, "analyst-1"), "reviewer": Model(url, "reviewer-1")}
    made: Made = make(
        found, folder, models, {"analyst": key, "reviewer": key}, Bounds(**names),  # type: ignore[arg-type]
        about={"dataset": "drugcomb", "task": "re"}, **{"pause": 0.0005, "timeout": 5.0, **given},
    )  # fmt: skip
    return made


def files(folder: Path) -> dict[str, bytes]:
    """What came of a run: not the calls, which come as they are over, nor the settings, which name the server."""
    others = ("calls.jsonl", "settings.json", ".lock")
    return {
        path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name not in others
    }
