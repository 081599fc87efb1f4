"""`scores.parquet`: the scores of every record that curating kept, to look at before one bounds them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus.curate.curated import ids_of
from taiyi_corpus.curate.scores import SCORES
from taiyi_corpus.pipeline.gather import Gathered

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("record_id", "dataset", "split")]
    + [(name, pa.float32()) for name in SCORES]
)


def write_scores(gathered: list[Gathered], path: Path) -> None:
    """Write a line for each record that stays; a score it does not have is null."""
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for data in gathered:
            for curated in data.curated:
                rows = np.flatnonzero(curated.keep)
                said = (data.spec.id, curated.part.split)
                columns = [
                    pa.array(ids_of(curated.part, rows), pa.string()),
                    *(pa.repeat(one, len(rows)) for one in said),
                    *(
                        pa.array(column, from_pandas=True)
                        for column in curated.array("scores")[rows].T
                    ),
                ]
                writer.write_table(pa.table(columns, schema=SCHEMA))
