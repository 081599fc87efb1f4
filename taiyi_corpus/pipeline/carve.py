"""Splits that a recipe asks for and a dataset does not have: carved out of its `train`, whole groups at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec.structs import replace

from taiyi_corpus import kept, paths
from taiyi_corpus.curate.groups import group_keys_of, split_of
from taiyi_corpus.engine import Run
from taiyi_corpus.normalise.store import Part, StoredDataset, read_part
from taiyi_corpus.normalise.stream import Tally
from taiyi_corpus.schema.record import SPLITS, Split
from taiyi_corpus.sources.locate import Located, form
from taiyi_corpus.spec.curation import HeldOut
from taiyi_corpus.spec.recipe import Recipe


class CarveJob(msgspec.Struct, frozen=True):
    """One dataset to carve splits out of."""

    stored: StoredDataset
    shares: dict[Split, float]  # of the splits it lacks
    seed: int
    cache: str

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"splitting {self.stored.dataset}"


def with_splits(
    stored: Sequence[StoredDataset], located: Mapping[str, Located], recipe: Recipe, run: Run
) -> list[StoredDataset]:
    """Return datasets with the splits that a recipe asks for, and ids of records as they were."""
    found = list(stored)
    cache = str(paths.cache_dir())
    jobs = {
        at: CarveJob(one, shares, recipe.seed, cache)
        for at, one in enumerate(stored)
        if (shares := lacking(located[one.dataset], recipe.curate.splits))
    }
    for at, carved in zip(jobs, run(carve, list(jobs.values())), strict=True):
        found[at] = carved
    return found


def lacking(located: Located, shares: Mapping[HeldOut, float]) -> dict[Split, float]:
    """Return the shares of the splits that a dataset does not have and may give of its `train`."""
    official = form(located).splits
    if "train" not in official or official["train"].benchmark:
        return {}
    return {split: share for split, share in shares.items() if share and split not in official}


def carve(job: CarveJob) -> StoredDataset:
    """Return a dataset with its `train` shared out over the splits."""
    train = [part for part in job.stored.parts if part.split == "train"]
    others = [part for part in job.stored.parts if part.split != "train"]
    carved = [one for part in train for one in _parts(part, job)]
    carved.sort(key=lambda part: SPLITS.index(part.split))
    tallies = dict(job.stored.tallies)
    for split in job.shares:
        moved = sum(part.rows for part in carved if part.split == split)
        left = tallies["train"]
        # An adapter may make several records of a row.
        tallies["train"] = dataclasses.replace(
            left, rows=max(left.rows - moved, 0), records=left.records - moved
        )
        tallies[split] = Tally(rows=moved, records=moved)
    return replace(job.stored, parts=[*carved, *others], tallies=tallies)


def _parts(part: Part, job: CarveJob) -> list[Part]:
    """Return the parts that one part falls into, or those an earlier run wrote."""
    path = Path(part.path)
    key = kept.key(kept.code_version("curate", "schema"), path.parent.name, path.name, sorted(job.shares.items()),
                   job.seed)  # fmt: skip
    folder = Path(job.cache) / "curated" / job.stored.dataset / key
    if (index := kept.read(folder / "index")) is not None:
        found = [
            replace(one, path=str(folder / one.path))
            for one in msgspec.json.decode(index, type=list[Part])
        ]
        if all(kept.file_hash(Path(one.path)) == one.hash for one in found):
            return found
    made = _write(part, job, folder)
    names = [replace(one, path=Path(one.path).name) for one in made]
    kept.write(folder / "index", msgspec.json.encode(names))
    return made


def _write(part: Part, job: CarveJob, folder: Path) -> list[Part]:
    splits = pa.array(
        [split_of(key, job.shares, job.seed) for key in group_keys_of(part)], pa.string()
    )
    table = read_part(part.path)
    table = table.set_column(table.schema.get_field_index("split"), "split", splits)
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Part] = []
    for split in SPLITS:
        mine = table.filter(pc.equal(splits, split))
        if mine.num_rows:
            target = folder / f"{split}-{Path(part.path).name}"
            with kept.whole(target) as staging:
                pq.write_table(mine, staging, compression="zstd", compression_level=1)
            made.append(Part(str(target), split, mine.num_rows, kept.file_hash(target)))
    return made
