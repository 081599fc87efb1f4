"""The path of one record through a finished build: where it came from, what it gave, what was left out and why.

Rows, ledger and manifest of the build say most of it. Instances that the mix did not choose are in none of them: they
are found by asking the record again, where its data is still at hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus import hashing
from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.export.manifest import Funnel, Manifest, read_manifest
from taiyi_corpus.export.staging import MANIFEST
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.ledger import Drop
from taiyi_corpus.mix.plan import group_of
from taiyi_corpus.normalise.store import read_part
from taiyi_corpus.review.open import stored
from taiyi_corpus.schema.arrow import from_table
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import form
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import Registry


class Given(Struct, frozen=True):
    """A row that a record gave."""

    id: str
    task: str
    template: str
    style: str
    shard: str


class NotChosen(Struct, frozen=True):
    """An instance that was there to choose from and was not taken: about where it stands in the order of preference."""

    id: str
    task: str
    place: int  # about: the order is a hash, spread evenly
    quota: int  # instances taken of its dataset and task
    of: int  # instances to choose from


class Why(Struct):
    """What became of one record."""

    id: str
    dataset: str
    origin: str
    state: str
    sources: list[str]
    record: Record | None  # null: dropped before it was one, or its data is not at hand
    rows: list[Given]
    drops: list[Drop]
    not_chosen: list[NotChosen]
    notes: list[str]  # what else explains the path


def find_build(folder: Path | None, out: Path = Path("out")) -> Path:
    """Return the folder of a finished build: `folder`, else the only one below `out`.

    Raises:
        InputError: there is none, or more than one to choose from.
    """
    if folder is not None:
        if not (folder / MANIFEST).is_file():
            found = f"no {MANIFEST} in {folder}"
            raise InputError(Fault("--build", "the folder of a finished build", found))
        return folder
    builds = [path.parent for path in sorted(out.glob(f"*/{MANIFEST}"))]
    if len(builds) != 1:
        found = (
            f"{len(builds)} below {out}: {', '.join(map(str, builds))}"
            if builds
            else f"none below {out}"
        )
        raise InputError(
            Fault("--build", "the folder of a build", found, "Name it with --build DIR.")
        )
    return builds[0]


def why(registry: Registry, id_: str, build: Path, data: Path) -> Why:
    """Return what became of a record, named by its id, by that of an instance, or by "file:line" of a broken row.

    Raises:
        InputError: the build knows no such record.
    """
    record_id = id_.partition("#")[0]
    made = read_manifest(build)
    drops = _drops(build / "ledger.parquet", record_id)
    dataset = drops[0].dataset if drops else record_id.partition("/")[0]
    if dataset not in made.datasets:
        wanted = "the id of a record of this build: <dataset>/<split>/<key>"
        raise InputError(
            Fault(str(build), wanted, repr(id_), nearest(dataset, list(made.datasets)))
        )
    about = made.datasets[dataset]
    result = Why(
        record_id,
        dataset,
        made.origin,
        about["state"],
        sorted(about["sources"]),
        None,
        [],
        drops,
        [],
        [],
    )
    result.rows = _rows(build / "data", record_id)
    _ask_again(result, registry, made, data)
    if not result.rows and not result.drops and result.record is None:
        hint = "A record that was never read is in no ledger: `taiyi-corpus preview` shows the ids of a dataset."
        raise InputError(Fault(str(build), f"a record of {dataset}", repr(id_), hint))
    return result


def _rows(folder: Path, record_id: str) -> list[Given]:
    names = ["id", "task", "template", "style"]
    found: list[Given] = []
    for path in sorted(folder.glob("*.parquet")):
        table = ds.dataset(path).to_table(columns=names, filter=pc.field("record_id") == record_id)
        found += [Given(**row, shard=path.name) for row in table.to_pylist()]
    return sorted(found, key=lambda row: row.id)


def _drops(path: Path, record_id: str) -> list[Drop]:
    ids = pc.field("id")
    mine = (
        (ids == record_id)
        | pc.starts_with(ids, f"{record_id}#")
        | pc.starts_with(ids, f"{record_id}/")
    )
    return [Drop(**row) for row in pq.read_table(path, filters=mine).to_pylist()]


def _ask_again(result: Why, registry: Registry, made: Manifest, data: Path) -> None:
    """Look the record up where it came from, and add what rows and ledger cannot say."""
    recipe = Recipe.model_validate(made.recipe)
    spec = registry.get(result.dataset)
    if spec is None:
        result.notes.append("The registry at hand does not have this dataset.")
        return
    try:
        located, dataset = stored(registry, result.dataset, data, samples=made.origin == "sample")
    except InputError as error:
        result.notes.append(
            f"Its data is not at hand, so what was not chosen cannot be listed: {error.faults[0]}"
        )
        return
    if dataset.sources != made.datasets[result.dataset]["sources"]:
        result.notes.append("The data at hand is not that of the build.")
    for part in dataset.parts:
        ids = read_part(part.path, ["id"]).column("id")
        if (row := pc.index(ids, result.id).as_py()) >= 0:
            result.record = from_table(read_part(part.path).slice(row, 1))[0]
            break
    if result.record is None:
        if not result.drops and (drops := _drops(Path(dataset.drops), result.id)):
            result.drops = drops
            result.notes.append(
                "The recipe draws from another split, so the ledger of the build does not list it."
            )
        return
    split = result.record.split
    if split not in recipe.splits:
        result.notes.append(
            f"The recipe draws from {', '.join(recipe.splits)} only, and this record is in {split}."
        )
    elif benchmarks := form(located).splits[split].benchmark:
        result.notes.append(
            f"Its split is the benchmark {', '.join(benchmarks)}, which no mix draws from."
        )
    elif not any(drop.stage == "curate" for drop in result.drops):
        tasks = [task for task in recipe.tasks_of(spec) if group_of(recipe, spec, task) is not None]
        _add_not_chosen(result, result.record, tasks, Setting(spec, recipe), made.counts)


def _add_not_chosen(
    result: Why, record: Record, tasks: list[Any], setting: Setting, counts: list[Funnel]
) -> None:
    told = {row.id.partition("~")[0] for row in result.rows} | {drop.id for drop in result.drops}
    funnels = {funnel.task: funnel for funnel in counts if funnel.dataset == result.dataset}
    for task in tasks:
        candidates = TASK_MODULES[task].candidates(record, task, setting)
        if not candidates:
            result.notes.append(f"{task}: the record has nothing to ask.")
        for id_ in (candidate.id(record.id) for candidate in candidates):
            if id_ not in told and task in funnels:
                of = funnels[task].instances
                place = 1 + int(hashing.unit(setting.seed, "choose", id_) * of)
                result.not_chosen.append(NotChosen(id_, task, place, funnels[task].chosen, of))
