"""One dataset in the one schema as a parcel: its normalised records, a file a part, by split."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.export.citations import bibtex
from taiyi_corpus.export.manifest import describe, versions
from taiyi_corpus.normalise.store import Part, StoredDataset
from taiyi_corpus.publish.card import dataset_card
from taiyi_corpus.publish.curated import as_released, curated
from taiyi_corpus.publish.of_build import Wish
from taiyi_corpus.publish.parcel import MANIFEST, File, Parcel, Size, config_name, file_at
from taiyi_corpus.publish.permission import kept_back, refuse_kept_back, refuse_sample
from taiyi_corpus.publish.personal import RECORD_TEXTS, refuse_personal
from taiyi_corpus.publish.textless import textless
from taiyi_corpus.schema.arrow import record_schema
from taiyi_corpus.schema.record import Split
from taiyi_corpus.sources.locate import Located
from taiyi_corpus.spec.recipe import Recipe


def parcel_of_dataset(
    located: Located,
    stored: StoredDataset,
    repo: str,
    work: Path,
    wish: Wish,
    curate: Recipe | None = None,
) -> Parcel:
    """Return what would be sent of a dataset; new files are written below `work`.

    Args:
        curate: the recipe whose `curate:` is done to it; None: every record as released.

    Raises:
        InputError: it must not be sent.
    """
    spec = located.spec
    config = config_name(wish.config or spec.id)
    refuse_sample(spec.id, stored.origin)
    refuse_kept_back(kept_back([spec.id], {spec.id: spec}), "")
    workers = wish.processes(sum(Path(part.path).stat().st_size for part in stored.parts))
    records = (
        as_released(stored, work)
        if curate is None
        else curated(located, stored, curate.curate, work, workers)
    )
    parts = _of_splits(spec.id, records.parts, wish.splits)
    refuse_personal([part.path for part in parts], RECORD_TEXTS, wish.allow_pii, workers)
    files = _shards(config, parts)
    rows: dict[Split, int] = {}
    for part in parts:
        rows[part.split] = rows.get(part.split, 0) + part.rows
    textless(Path(records.drops), work / "ledger.parquet")
    (work / "citations.bib").write_text(bibtex([spec]), encoding="utf-8")
    said: dict[str, Any] = {
        "dataset": spec.id,
        "origin": stored.origin,
        "versions": versions(),
        "rows": sum(rows.values()),
        "shards": [
            {
                "path": Path(file.path).name,
                "rows": part.rows,
                "bytes": file.bytes,
                "sha256": file.sha256,
            }
            for file, part in zip(files, parts, strict=True)
        ],
        "counts": {split: msgspec.to_builtins(stored.tallies[split]) for split in rows},
        "missing": list(located.missing),
        "curated": None
        if curate is None
        else {"recipe": curate.name, **curate.curate.model_dump(mode="json")},
        **describe(spec, located.state, located.variant, stored),
    }
    (work / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n")
    header, body = dataset_card(
        spec, config, repo, rows, list(located.missing), versions(), curate.name if curate else None
    )
    return Parcel(
        config=config,
        source=f"dataset {spec.id}",
        files=files
        + [
            file_at(f"{config}/{n}", work / n)
            for n in ("ledger.parquet", "citations.bib", MANIFEST)
        ],
        header=header,
        body=body,
        splits={split: Size(n, _bytes(parts, split)) for split, n in rows.items()},
        schema=record_schema(),
        left_out={},
    )


def _of_splits(id_: str, parts: list[Part], splits: tuple[str, ...]) -> list[Part]:
    known = list(dict.fromkeys(part.split for part in parts))
    if unknown := [split for split in splits if split not in known]:
        hint = nearest(unknown[0], known)
        raise InputError(Fault("--split", f"a split of {id_}", ", ".join(unknown), hint))
    parts = [part for part in parts if part.rows and (not splits or part.split in splits)]
    if not parts:
        raise InputError(Fault(id_, "a dataset with records", "none"))
    return parts


def _shards(config: str, parts: list[Part]) -> list[File]:
    files = []
    for split in dict.fromkeys(part.split for part in parts):
        mine = [part for part in parts if part.split == split]
        for number, part in enumerate(mine):
            name = f"{config}/{split}-{number:05d}-of-{len(mine):05d}.parquet"
            files.append(file_at(name, Path(part.path)))
    return files


def _bytes(parts: list[Part], split: str) -> int:
    found = [pq.read_metadata(part.path) for part in parts if part.split == split]
    return sum(m.row_group(n).total_byte_size for m in found for n in range(m.num_row_groups))
