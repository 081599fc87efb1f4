"""A finished build as a parcel: its rows, or the part of them that may be passed on, and what goes with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus.engine.local import default_workers, run
from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.export.card import contributors
from taiyi_corpus.export.citations import bibtex
from taiyi_corpus.export.convert import open_build
from taiyi_corpus.export.lengths import together
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.export.shards import Shard, split_of
from taiyi_corpus.publish.card import build_card
from taiyi_corpus.publish.counting import (
    Counted,
    CountJob,
    MeasureJob,
    count,
    measure,
    part_of,
)
from taiyi_corpus.publish.parcel import MANIFEST, SHARD, File, Parcel, Size, config_name, file_at
from taiyi_corpus.publish.permission import kept_back, refuse_kept_back, refuse_sample
from taiyi_corpus.publish.personal import ROW_TEXTS, refuse_personal
from taiyi_corpus.publish.sift import SiftJob, sift
from taiyi_corpus.publish.textless import textless
from taiyi_corpus.spec.dataset import DatasetSpec

_SMALL = 10_000_000  # bytes that are done before a second process has started
_ONLY = "--only-redistributable sends the rest without it."


class Wish(Struct, frozen=True):
    """What of a build is sent, under which name, and what somebody has looked at."""

    config: str | None = None  # else `stage<N>`
    splits: tuple[str, ...] = ()  # all of them
    only_redistributable: bool = False
    allow_pii: tuple[str, ...] = ()
    workers: int = 0  # processes; 0: one a processor, where there is work for them

    def processes(self, size: int) -> int:
        """Return how many processes to use for so many bytes."""
        return self.workers or (default_workers() if size > _SMALL else 1)


def builds_in(folder: Path, stages: Collection[int]) -> list[Path]:
    """Return the build in a folder, or those right below it, of some stages (all, if none is named).

    Raises:
        InputError: there is none, or two would have the same name.
    """
    if (folder / MANIFEST).is_file():
        found = [folder]
    else:
        below = sorted(folder.iterdir()) if folder.is_dir() else []
        found = [path for path in below if (path / MANIFEST).is_file()]
    if not found:
        wanted = "the folder of a finished build, or of several"
        raise InputError(Fault(str(folder), wanted, f"no {MANIFEST}"))
    stage_of = {path: int(open_build(path).recipe["stage"]) for path in found}
    if missing := sorted(set(stages) - set(stage_of.values())):
        there = ", ".join(str(stage) for stage in sorted(set(stage_of.values())))
        raise InputError(
            Fault("--stage", f"a stage that was built: {there}", ", ".join(map(str, missing)))
        )
    chosen = [path for path in found if not stages or stage_of[path] in stages]
    for stage, builds in Counter(stage_of[path] for path in chosen).items():
        if builds > 1:
            names = ", ".join(path.name for path in chosen if stage_of[path] == stage)
            hint = "Push one of them by its own folder; --config gives it another name."
            raise InputError(Fault(str(folder), f"one build of stage {stage}", names, hint))
    return chosen


def parcel_of_build(
    build: Path, repo: str, specs: Mapping[str, DatasetSpec], work: Path, wish: Wish
) -> Parcel:
    """Return what would be sent of a build; new files are written below `work`.

    Raises:
        InputError: something of it must not be sent, or the build is not as its manifest says.
    """
    made = open_build(build)
    refuse_sample(str(build), made.origin)
    config = config_name(wish.config or f"stage{made.recipe['stage']}")
    shards = _of_splits(build, made, wish.splits)
    workers = wish.processes(sum(shard.bytes for shard in shards))
    counted = list(run(count, [CountJob(str(build), shard) for shard in shards], workers))
    for of_one in counted:
        for origin in of_one.origins:
            refuse_sample(str(build), origin)
    rows = sum((Counter(of_one.rows) for of_one in counted), Counter[tuple[str, str]]())
    kept = kept_back({dataset for dataset, _ in rows}, specs, made.datasets)
    if not wish.only_redistributable:
        refuse_kept_back(kept, _ONLY)
    elif kept and not any(dataset not in kept for dataset, _ in rows):
        refuse_kept_back(kept, "Nothing of this build may be passed on.")
    root = build
    if kept:
        root = work / "data"
        shards = _sifted(build, made, shards, counted, kept, root, workers)
        for key in [key for key in rows if key[0] in kept]:
            del rows[key]
    refuse_personal(
        [str(root / shard.path) for shard in shards], ROW_TEXTS, wish.allow_pii, workers
    )
    if kept or len(shards) != len(made.shards):
        made = _part(made, shards, root, rows, kept, workers)
    return _parcel(build, root, config, repo, made, specs, kept, work)


def _of_splits(build: Path, made: Manifest, splits: Collection[str]) -> list[Shard]:
    if foreign := [
        shard.path for shard in made.shards if not SHARD.fullmatch(Path(shard.path).name)
    ]:
        wanted = "a build of stage 1 or 2"
        raise InputError(Fault(str(build), wanted, f"something else: {foreign[0]}"))
    known = list(dict.fromkeys(split_of(shard.path) for shard in made.shards))
    if unknown := [split for split in splits if split not in known]:
        hint = nearest(unknown[0], known)
        raise InputError(Fault("--split", f"a split of {build}", ", ".join(unknown), hint))
    if not made.rows:
        raise InputError(Fault(str(build), "a build with rows", "none"))
    return [s for s in made.shards if not splits or split_of(s.path) in splits]


def _sifted(build: Path, made: Manifest, shards: list[Shard], counted: list[Counted], kept: Collection[str],
            target: Path, workers: int) -> list[Shard]:  # fmt: skip
    jobs = []
    for split in dict.fromkeys(split_of(shard.path) for shard in shards):
        mine = [(s, c) for s, c in zip(shards, counted, strict=True) if split_of(s.path) == split]
        left = {d: n for _, c in mine for (d, _), n in c.rows.items() if d not in kept}
        rows = sum(n for _, c in mine for (d, _), n in c.rows.items() if d not in kept)
        if rows:
            sources = [str(build / shard.path) for shard, _ in mine]
            size = int(made.recipe["shard_rows"])
            jobs.append(SiftJob(split, sources, sorted(left), rows, size, str(target)))
    return [shard for of_split in run(sift, jobs, workers) for shard in of_split]


def _part(made: Manifest, shards: list[Shard], root: Path, rows: Counter[tuple[str, str]], kept: Collection[str],
          workers: int) -> Manifest:  # fmt: skip
    measured = list(run(measure, [MeasureJob(str(root / s.path)) for s in shards], workers))
    styles = sum((Counter(one.styles) for one in measured), Counter[str]())
    lengths = together(one.lengths for one in measured)
    return part_of(made, shards, rows, styles, lengths, kept)


def _parcel(build: Path, root: Path, config: str, repo: str, made: Manifest, specs: Mapping[str, DatasetSpec],
            kept: dict[str, str], work: Path) -> Parcel:  # fmt: skip
    sent = [
        File(f"{config}/{Path(s.path).name}", str(root / s.path), s.bytes, s.sha256)
        for s in made.shards
    ]
    known = {id_ for id_ in made.datasets if id_ in specs}
    silent = kept_back(known, specs, made.datasets)  # also those that gave no row
    textless(build / "ledger.parquet", work / "ledger.parquet", silent)
    used = contributors(made)
    (work / "citations.bib").write_text(bibtex(specs[id_] for id_ in used), encoding="utf-8")
    (work / MANIFEST).write_bytes(_manifest(made, kept))
    others = ("ledger.parquet", "citations.bib", MANIFEST)
    header, body = build_card(made, specs, config, repo, kept)
    return Parcel(
        config=config,
        source=f"recipe {made.recipe['name']}",
        files=sent + [file_at(f"{config}/{name}", work / name) for name in others],
        header=header,
        body=body,
        splits=_sizes(made, root),
        schema=pq.read_schema(root / made.shards[0].path),
        left_out=kept,
    )


def _manifest(made: Manifest, kept: dict[str, str]) -> bytes:
    said = msgspec.to_builtins(made)
    for shard in said["shards"]:
        shard["path"] = Path(shard["path"]).name
    said["left_out"] = kept
    said["recipe"] = _portable(said["recipe"])
    return msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n"


def _portable(value: Any) -> Any:
    """Return a recipe whose paths on this machine (of a tokenizer, of protected texts) are names only."""
    if isinstance(value, dict):
        return {key: _portable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_portable(inner) for inner in value]
    return Path(value).name if isinstance(value, str) and Path(value).is_absolute() else value


def _sizes(made: Manifest, root: Path) -> dict[str, Size]:
    sizes: dict[str, Size] = {}
    for shard in made.shards:
        split, data = split_of(shard.path), pq.read_metadata(root / shard.path)
        before = sizes.get(split, Size(0, 0))
        size = sum(data.row_group(n).total_byte_size for n in range(data.num_row_groups))
        sizes[split] = Size(before.rows + shard.rows, before.bytes + size)
    return sizes
