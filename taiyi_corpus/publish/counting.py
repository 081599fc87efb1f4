"""What the shards of a build hold, counted anew: a part of a build has a manifest of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.export.lengths import Lengths
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.export.shards import Shard
from taiyi_corpus.hashing import file_sha256
from taiyi_corpus.language.tokens import ROLE_TOKENS, estimate_tokens

_BATCH = 2_000


class CountJob(Struct, frozen=True):
    """A shard of a build, as its manifest describes it."""

    root: str
    shard: Shard

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"counting {self.shard.path}"


class Counted(Struct):
    """The rows of a shard by what they are."""

    rows: dict[tuple[str, str], int] = {}  # (dataset, task) -> rows
    origins: list[str] = []


def count(job: CountJob) -> Counted:
    """Count a shard, which must be the one the manifest describes.

    Raises:
        InputError: it is missing, or was changed since the build.
    """
    path = Path(job.root) / job.shard.path
    if not path.is_file():
        raise InputError(Fault(str(path), "a shard that the manifest names", "no file"))
    if file_sha256(path) != job.shard.sha256:
        hint = "A build is sent as it was made: build again."
        raise InputError(Fault(str(path), "the bytes the manifest names", "other bytes", hint))
    table = pq.read_table(path, columns=["dataset", "task", "origin"])
    rows = table.group_by(["dataset", "task"]).aggregate([([], "count_all")]).to_pylist()
    return Counted(
        {(row["dataset"], row["task"]): row["count_all"] for row in rows},
        sorted(pc.unique(table.column("origin")).to_pylist()),
    )


class MeasureJob(Struct, frozen=True):
    """A shard to measure."""

    path: str

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"measuring {Path(self.path).name}"


class Measured(Struct):
    """What a card says of rows besides their number."""

    styles: dict[str, int]
    lengths: dict[tuple[str, str], Lengths]


def measure(job: MeasureJob) -> Measured:
    """Return the styles and lengths of the rows of a shard."""
    styles: Counter[str] = Counter()
    lengths: dict[tuple[str, str], Lengths] = {}
    columns = ["task", "language", "instruction_language", "style", "messages"]
    with pq.ParquetFile(job.path) as file:
        for batch in file.iter_batches(_BATCH, columns=columns):
            for row in batch.to_pylist():
                styles[f"{row['instruction_language']}/{row['task']}.{row['style']}"] += 1
                key = (row["task"], row["language"])
                if key not in lengths:
                    lengths[key] = Lengths(*key)
                said = row["messages"]
                lengths[key].add(sum(estimate_tokens(m["content"]) + ROLE_TOKENS for m in said))
    return Measured(dict(styles), lengths)


def part_of(
    made: Manifest,
    shards: Sequence[Shard],
    rows: Counter[tuple[str, str]],
    styles: Counter[str],
    lengths: list[Lengths],
    without: Collection[str],
) -> Manifest:
    """Return the manifest of a part of a build: what is said of its rows is of the part, the rest of the whole."""
    counts = [
        msgspec.structs.replace(funnel, chosen=rows[funnel.dataset, funnel.task])
        for funnel in made.counts
        if funnel.dataset not in without
    ]
    return msgspec.structs.replace(
        made,
        rows=sum(shard.rows for shard in shards),
        shards=list(shards),
        counts=counts,
        # Shares are those of the whole mix, and say nothing of a part.
        wanted={},
        chosen={},
        styles=dict(sorted(styles.items())),
        lengths=lengths,
    )
