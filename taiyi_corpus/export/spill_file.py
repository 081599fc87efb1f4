"""Rendered rows of one part on disk, until their shards are written: an Arrow file whose batches know their shard.

Rows lie in the order of their keys, those of the global shuffle, and a shard is a range of keys. No batch reaches over
the end of a shard, so a shard reads what it needs of each file and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from taiyi_corpus import remote
from taiyi_corpus.export.rendered import BATCH
from taiyi_corpus.export.rows import ROW_SCHEMA

SPILL_SCHEMA = ROW_SCHEMA.append(pa.field("key", pa.uint64()))
_SHARDS = b"shards"  # metadata: of each batch


def write_spill(
    path: Path, keys: npt.NDArray[np.uint64], edges: Sequence[int], tables: Iterable[pa.Table]
) -> None:
    """Write the rows of a part.

    Args:
        keys: of all rows, sorted.
        edges: the least key of each shard but the first.
        tables: the rows, `BATCH` at a time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)  # another machine has none yet
    shards = np.searchsorted(np.array(edges, np.uint64), keys, side="right").astype(np.int32)
    starts = np.arange(0, len(keys), BATCH)
    cuts = np.union1d(np.append(starts, len(keys)), np.flatnonzero(np.diff(shards)) + 1)
    sizes = iter(np.diff(cuts).tolist())
    schema = SPILL_SCHEMA.with_metadata({_SHARDS: shards[cuts[:-1]].tobytes()})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for table in tables:
            at = 0
            while at < table.num_rows:
                size = next(sizes)
                writer.write_table(table.slice(at, size))
                at += size
    remote.sent(path)


def read_spill(path: Path, shard: int) -> Iterator[pa.RecordBatch]:
    """Yield the batches that go into one shard."""
    # Read and not mapped: mapped pages of hundreds of files would count as memory of this process.
    with pa.OSFile(str(remote.fetched(path))) as source:
        reader = pa.ipc.open_file(source)
        shards = np.frombuffer(reader.schema.metadata[_SHARDS], np.int32)
        for number in np.flatnonzero(shards == shard).tolist():
            yield reader.get_batch(number)
