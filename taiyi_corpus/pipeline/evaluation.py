"""The evaluation set: every benchmark split, each record asked once, in the row format of a build, a file a benchmark.

Rows have one column more, `benchmark`. Nothing is filtered, balanced or cut into windows: what is scored is the whole
test split. A record that cannot be asked (its gold is not among its options) is in the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus import paths
from taiyi_corpus.engine.local import run
from taiyi_corpus.errors import Fault, MissingDataError
from taiyi_corpus.export.card_evaluation import evaluation_card
from taiyi_corpus.export.citations import bibtex
from taiyi_corpus.export.manifest import (
    Funnel,
    Manifest,
    describe,
    templates_hash,
    versions,
    write_manifest,
)
from taiyi_corpus.export.rows import ROW_SCHEMA, table_of
from taiyi_corpus.export.shards import Shard
from taiyi_corpus.export.staging import refuse_foreign, staging
from taiyi_corpus.hashing import file_sha256
from taiyi_corpus.instruct.ask import Candidate, Refused, Setting
from taiyi_corpus.instruct.render import Instance, render
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.drops import drop_writer
from taiyi_corpus.normalise.split import Origin
from taiyi_corpus.normalise.store import Job, StoredDataset, normalise_dataset, read_part
from taiyi_corpus.pipeline.build import Built
from taiyi_corpus.pipeline.gather import Progress, missing, silent
from taiyi_corpus.schema.arrow import from_table
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import Located, locate
from taiyi_corpus.spec.benchmark import Benchmark, load_benchmarks
from taiyi_corpus.spec.dataset import DatasetSpec, LabelName
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import Registry

_SCHEMA = ROW_SCHEMA.append(pa.field("benchmark", pa.string()))
_WHOLE = 1 << 30  # tokens: no document is cut


class EvaluationJob(msgspec.Struct, frozen=True):
    """One benchmark to render."""

    benchmark: Benchmark
    setting: Setting
    parts: list[str]
    root: str


class Evaluated(msgspec.Struct):
    """One benchmark as rows."""

    shard: Shard
    records: int
    drops: list[Drop]
    styles: dict[str, int]


def build_evaluation(registry: Registry, data: Path, out: Path, *, workers: int = 1, samples: bool = False,
                     strict: bool = False, seed: int = 0, progress: Progress = silent) -> Built:  # fmt: skip
    """Write the benchmarks whose data is there to `out`; the manifest names the others.

    Raises:
        InputError: a file cannot be read, or the output folder holds something else.
        MissingDataError: no benchmark is there, or `strict` and one is not.
    """
    refuse_foreign(out)
    benchmarks = [one for one in load_benchmarks() if one.dataset in registry]
    located, origin = _locate(registry, benchmarks, data, samples=samples, strict=strict)
    _refuse_missing(registry, benchmarks, located, origin, strict=strict)
    there = [one for one in benchmarks if located[one.dataset].state != "absent"]
    ids = list(dict.fromkeys(one.dataset for one in there))
    jobs = [Job(located[id_], origin, str(paths.cache_dir())) for id_ in ids]
    stored = dict(zip(ids, run(normalise_dataset, jobs, workers), strict=True))
    with staging(out) as folder:
        (folder / "data").mkdir()
        todo = [
            _job(one, registry[one.dataset], stored[one.dataset], seed, folder) for one in there
        ]
        done: list[Evaluated] = []
        progress("benchmarks", 0, len(todo))
        for evaluated in run(evaluate, todo, workers):
            done.append(evaluated)
            progress("benchmarks", len(done), len(todo))
        with drop_writer(folder / "ledger.parquet") as ledger:
            for evaluated in done:
                ledger.add(evaluated.drops)
        made = _manifest(benchmarks, there, done, located, stored, origin, seed)
        write_manifest(made, folder)
        (folder / "README.md").write_text(evaluation_card(made, there, registry), encoding="utf-8")
        cited = bibtex(registry[id_] for id_ in ids)
        (folder / "citations.bib").write_text(cited, encoding="utf-8")
    return Built(str(out), made)


def evaluate(job: EvaluationJob) -> Evaluated:
    """Render every record of a benchmark once and write its file."""
    task, spec = job.benchmark.task, job.setting.spec
    drops: list[Drop] = []
    styles: dict[str, int] = {}
    made: list[tuple[Instance, Record]] = []
    records = 0
    for path in job.parts:
        for record in from_table(read_part(path)):
            records += 1
            asked = _asked(record, job.benchmark)
            try:
                candidates = TASK_MODULES[task].candidates(asked, task, job.setting)
                for candidate in candidates[:1]:
                    instance = render(asked, candidate, job.setting)
                    made.append((instance, record))
                    key = f"{instance.instruction_language}/{instance.task}.{instance.style}"
                    styles[key] = styles.get(key, 0) + 1
                why = None if candidates else Refused("no_gold", f"nothing to ask by {task}")
            except Refused as refused:
                why = refused
            if why is not None:
                id_ = Candidate(task, "", 0).id(record.id)
                drops.append(
                    Drop("instruct", "instance", spec.id, record.split, id_, why.reason, why.detail)
                )
    name = f"data/{job.benchmark.id}.parquet"
    target = Path(job.root) / name
    pq.write_table(_rows(made, job), target, compression="zstd")
    shard = Shard(name, len(made), target.stat().st_size, file_sha256(target))
    return Evaluated(shard, records, drops, styles)


def _rows(made: list[tuple[Instance, Record]], job: EvaluationJob) -> pa.Table:
    rows, of = table_of(made, job.setting.recipe), job.benchmark.id
    # One record may be asked by several benchmarks; an id is used once.
    own = {
        "id": [f"{instance.id}@{of}" for instance, _ in made],
        "stage": [None] * len(made),
        "benchmark": [of] * len(made),
    }
    columns = {name: own[name] if name in own else rows.column(name) for name in _SCHEMA.names}
    return pa.table(columns, schema=_SCHEMA)


def _asked(record: Record, benchmark: Benchmark) -> Record:
    """Return a record whose entities have the types that are asked for, and no others."""
    if not benchmark.types or record.entities is None:
        return record
    names = {type_: name for name, asked in benchmark.types.items() for type_ in asked.of}
    kept = [
        msgspec.structs.replace(e, type=names[e.type]) for e in record.entities if e.type in names
    ]
    return msgspec.structs.replace(record, entities=kept)


def _job(
    benchmark: Benchmark, spec: DatasetSpec, stored: StoredDataset, seed: int, folder: Path
) -> EvaluationJob:
    if benchmark.types:
        names = {n: LabelName(en=asked.en, zh=asked.zh) for n, asked in benchmark.types.items()}
        spec = spec.model_copy(
            update={"labels": spec.labels.model_copy(update={"entities": names})}
        )
    split = benchmark.split_of(spec)
    parts = [part.path for part in stored.parts if part.split == split]
    return EvaluationJob(benchmark, Setting(spec, _recipe(seed, benchmark)), parts, str(folder))


def _recipe(seed: int, benchmark: Benchmark | None = None) -> Recipe:
    """Return the recipe of an evaluation set: everything, once, whole; one type is asked for by its name."""
    about = 'The benchmarks of the paper "Taiyi": every record of each test split, asked once.'
    rates = (
        {}
        if benchmark is None or len(benchmark.types) != 1
        else {"ner": {"all_types": 0.0, "one_type": 1.0}}
    )
    return Recipe.model_validate(
        {
            "name": "eval", "about": about, "stage": 2, "seed": seed, "splits": ["test", "validation"],
            "groups": [{"name": "benchmarks"}], "max_tokens": _WHOLE,
            "expand_of": {benchmark.dataset: rates} if benchmark is not None and rates else {},
        }
    )  # fmt: skip


def _locate(registry: Registry, benchmarks: Sequence[Benchmark], data: Path, *, samples: bool, strict: bool
            ) -> tuple[dict[str, Located], Origin]:  # fmt: skip
    ids = dict.fromkeys(one.dataset for one in benchmarks)
    if not samples:
        found = {id_: locate(registry[id_], data / id_) for id_ in ids}
        if strict or any(located.state != "absent" for located in found.values()):
            return found, "raw"
    return {id_: locate(registry[id_], registry.sample_dir(id_)) for id_ in ids}, "sample"


def _refuse_missing(registry: Registry, benchmarks: Sequence[Benchmark], located: dict[str, Located], origin: Origin,
                    *, strict: bool) -> None:  # fmt: skip
    lacking = [id_ for id_, found in located.items() if found.state == "absent"]
    if strict and lacking:
        raise MissingDataError([missing(registry, located[id_], origin) for id_ in lacking])
    if len(lacking) == len(located):
        raise MissingDataError(Fault("--eval", "the data of a benchmark", "none"))


def _manifest(benchmarks: Sequence[Benchmark], there: Sequence[Benchmark], done: Sequence[Evaluated],
              located: dict[str, Located], stored: dict[str, StoredDataset], origin: Origin, seed: int
              ) -> Manifest:  # fmt: skip
    counts: list[Funnel] = []
    styles: dict[str, int] = {}
    for one, evaluated in zip(there, done, strict=True):
        reasons: dict[str, int] = {}
        for drop in evaluated.drops:
            reasons[f"instruct.{drop.reason}"] = reasons.get(f"instruct.{drop.reason}", 0) + 1
        rows, language = evaluated.shard.rows, located[one.dataset].spec.language
        counts.append(Funnel(one.dataset, one.task, language, evaluated.records, evaluated.records,
                             evaluated.records, rows, rows, reasons))  # fmt: skip
        for key, count in evaluated.styles.items():
            styles[key] = styles.get(key, 0) + count
    by_id = {one.id: evaluated for one, evaluated in zip(there, done, strict=True)}
    return Manifest(
        recipe=_recipe(seed).model_dump(mode="json"),
        origin=origin,
        versions=versions(),
        rows=sum(evaluated.shard.rows for evaluated in done),
        shards=[evaluated.shard for evaluated in done],
        counts=counts,
        wanted={one.id: by_id[one.id].records if one.id in by_id else 0 for one in benchmarks},
        chosen={one.id: by_id[one.id].shard.rows if one.id in by_id else 0 for one in benchmarks},
        datasets={
            id_: describe(found.spec, found.state, found.variant, stored.get(id_))
            for id_, found in located.items()
        },
        styles=dict(sorted(styles.items())),
        templates=templates_hash(),
    )
