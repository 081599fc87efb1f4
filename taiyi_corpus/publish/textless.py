"""The ledger as it is published: every line and its reason, without what was written there of the texts."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def textless(ledger: Path, target: Path, without: Collection[str] = ()) -> None:
    """Write a ledger with its details blanked, and without the lines of some datasets.

    A detail quotes what it is about. Of a dataset that may not be passed on not even ids are sent: some have words in
    them.
    """
    with pq.ParquetFile(ledger) as file:
        schema = file.schema_arrow
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group)
                gone = pc.is_in(table.column("dataset"), pa.array(sorted(without), pa.string()))
                table = table.filter(pc.invert(gone))
                place = schema.get_field_index("detail")
                blank = pa.array([""] * table.num_rows, pa.string())
                writer.write_table(table.set_column(place, schema.field(place), blank))
