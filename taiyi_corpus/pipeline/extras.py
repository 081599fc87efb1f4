"""What a build writes besides its rows, where asked for: formats of trainers, tokens, the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus.export.convert import format_of, write_format
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.export.tokenizer import find_tokenizer
from taiyi_corpus.export.tokens import write_tokens
from taiyi_corpus.spec.dataset import DatasetSpec

TOKENS = "tokens"


class Extras(Struct, frozen=True):
    """What else to write: each format into a folder of its name, tokens into `tokens/`."""

    formats: tuple[str, ...] = ()
    tokenizer: str | None = None
    max_length: int = 2048
    pack: bool = False
    report: bool = False


def check_extras(extras: Extras) -> None:
    """Check what can be checked before the build.

    Raises:
        InputError: no such format, or no such tokenizer.
    """
    for name in extras.formats:
        format_of(name)
    if extras.tokenizer is not None:
        find_tokenizer(extras.tokenizer)


def write_extras(
    folder: Path, made: Manifest, specs: Mapping[str, DatasetSpec], extras: Extras, workers: int
) -> None:
    """Write them into the folder of a build whose rows and manifest are there."""
    for name in dict.fromkeys(extras.formats):
        format, file_type = format_of(name)
        (folder / name).mkdir()
        write_format(folder, made, format, file_type, folder / name)
    if extras.tokenizer is not None:
        (folder / TOKENS).mkdir()
        write_tokens(
            folder, made, folder / TOKENS, extras.tokenizer, extras.max_length, extras.pack, workers
        )
        _join_ledgers(folder / "ledger.parquet", folder / TOKENS / "ledger.parquet")
    if extras.report:
        from taiyi_corpus.export.report.page import write_report

        write_report(folder, made, specs)


def _join_ledgers(ledger: Path, more: Path) -> None:
    """Put the rows that are too long into the ledger of the build."""
    tables = [pq.read_table(path) for path in (ledger, more)]
    if tables[1].num_rows:
        pq.write_table(pa.concat_tables(tables), ledger, compression="zstd")
