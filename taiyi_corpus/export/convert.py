"""A finished build in the format of a trainer, without rendering anything again: rows in = rows out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, get_args

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus.errors import Fault, InputError, LedgerError, nearest
from taiyi_corpus.export.formats import FORMATS, Format
from taiyi_corpus.export.formats.format import FileType
from taiyi_corpus.export.manifest import Manifest, read_manifest
from taiyi_corpus.export.shards import Shard, split_of
from taiyi_corpus.export.staging import EXPORT, MANIFEST, refuse_foreign_export, staging
from taiyi_corpus.hashing import file_sha256

_BATCH = 2_000


class Exported(msgspec.Struct, kw_only=True):
    """`export.json`: what was exported, from which build, into which files."""

    format: str
    recipe: str
    source: str  # sha256 of the build's manifest
    rows: int
    files: list[Shard]
    left_out: dict[str, int]  # what the format has no place for -> rows that had it


def format_of(name: str, file_type: str | None = None) -> tuple[Format, FileType]:
    """Return a format and the file type to write it in.

    Raises:
        InputError: no such format, or file type.
    """
    if name not in FORMATS:
        known = list(FORMATS)
        raise InputError(Fault("--format", "a format", repr(name), nearest(name, known)))
    made = FORMATS[name]
    for known_type in get_args(FileType):
        if known_type == (file_type or made.file_type):
            return made, known_type
    types = list(get_args(FileType))
    raise InputError(
        Fault("--file-type", "a file type", repr(file_type), nearest(str(file_type), types))
    )


def export(build: Path, format: str, out: Path, file_type: str | None = None) -> Exported:
    """Write a finished build to `out` in another format; all of it or nothing.

    Raises:
        InputError: no finished build, no such format, or `out` holds something else.
    """
    chosen, kind = format_of(format, file_type)
    made = open_build(build)
    refuse_foreign_export(out)
    with staging(out) as folder:
        return write_format(build, made, chosen, kind, folder)


def open_build(build: Path) -> Manifest:
    """Return the manifest of a finished build.

    Raises:
        InputError: there is none.
    """
    if not (build / MANIFEST).is_file():
        raise InputError(Fault(str(build), "the folder of a finished build", f"no {MANIFEST}"))
    return read_manifest(build)


def write_format(
    build: Path, made: Manifest, format: Format, file_type: FileType, folder: Path
) -> Exported:
    """Write the rows of a build into `folder` in a format, with the files its trainer needs beside them."""
    convert = format.converter(made)
    splits = splits_of(made)
    files: list[Shard] = []
    systems = 0
    for split in splits:
        (folder / split).mkdir(parents=True)
        names = [shard.path for shard in made.shards if split_of(shard.path) == split]
        targets = [folder / split / Path(name).name for name in names]
        if file_type == "jsonl":
            targets = [folder / split / f"{split}.jsonl"]
            sources = [[build / name for name in names]]
        else:
            sources = [[build / name] for name in names]
        for target, paths in zip(targets, sources, strict=True):
            rows, left = _write(paths, target, format, convert, file_type)
            systems += left
            size, digest = target.stat().st_size, file_sha256(target)
            files.append(Shard(f"{split}/{target.name}", rows, size, digest))
    if sum(file.rows for file in files) != made.rows:
        raise LedgerError(f"{made.rows} rows in the build, {sum(f.rows for f in files)} exported")
    for name, text in (
        format.side_files(made, splits, file_type) if format.side_files else {}
    ).items():
        (folder / name).write_text(text, encoding="utf-8")
    exported = Exported(
        format=format.name,
        recipe=str(made.recipe["name"]),
        source=file_sha256(build / MANIFEST),
        rows=made.rows,
        files=files,
        left_out={} if format.keeps_systems or not systems else {"system_text": systems},
    )
    said = msgspec.json.format(msgspec.json.encode(exported), indent=1)
    (folder / EXPORT).write_bytes(said + b"\n")
    return exported


def splits_of(made: Manifest) -> list[str]:
    """Return the splits of a build, in the order of its shards."""
    return list(dict.fromkeys(split_of(shard.path) for shard in made.shards))


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a shard in batches."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH, columns=list(columns)):
            yield batch.to_pylist()


def _write(
    paths: Sequence[Path],
    target: Path,
    format: Format,
    convert: Callable[[dict[str, Any]], dict[str, Any]],
    file_type: FileType,
) -> tuple[int, int]:
    """Write files of rows into one; return its rows, and how many of them had a system text."""
    rows = systems = 0
    encoder = msgspec.json.Encoder()
    with ExitStack() as stack:
        sink = stack.enter_context(target.open("wb"))
        writer = None
        if file_type == "parquet":
            writer = stack.enter_context(pq.ParquetWriter(sink, format.schema, compression="zstd"))
        for path in paths:
            for batch in read_rows(path, format.columns):
                made = [convert(row) for row in batch]
                rows += len(made)
                systems += sum(row["messages"][0]["role"] == "system" for row in batch)
                if writer is not None:
                    writer.write_table(pa.Table.from_pylist(made, schema=format.schema))
                else:
                    sink.write(encoder.encode_lines(made))
    return rows, systems
