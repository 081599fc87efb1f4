"""Rows as tokens: input ids, labels with everything but the answers masked, and, packed, sequences of one length.

A row that is longer than a sequence is never cut: it is left out, and the ledger says so. Each shard is tokenised and
packed by itself, so the result is the same on any number of workers and memory is bounded by a shard.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus import hashing
from taiyi_corpus.engine.local import run
from taiyi_corpus.errors import Fault, InputError, LedgerError
from taiyi_corpus.export.chat_template import TemplateError
from taiyi_corpus.export.convert import open_build, read_rows
from taiyi_corpus.export.lengths import Lengths, together
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.export.packing import best_fit
from taiyi_corpus.export.shards import Shard, split_of
from taiyi_corpus.export.staging import EXPORT, MANIFEST, refuse_foreign_export, staging
from taiyi_corpus.export.tokenizer import IGNORED, Encoder, find_tokenizer
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.drops import drop_writer

_COLUMNS = ("id", "messages", "task", "language", "dataset", "split")
_LIST = pa.list_(pa.int32())
ROWS = pa.schema([("id", pa.string()), ("input_ids", _LIST), ("labels", _LIST)])
PACKED = pa.schema(
    [
        ("ids", pa.list_(pa.string())),
        *((name, _LIST) for name in ("input_ids", "labels", "position_ids", "seq_lengths")),
    ]
)
Ids = npt.NDArray[np.int32]


class TokenJob(msgspec.Struct, frozen=True):
    """One shard to tokenise."""

    source: str
    target: str
    name: str  # of the target, below the export
    tokenizer: str
    max_length: int
    pack: bool
    seed: int


class Tokenised(msgspec.Struct):
    """One shard of tokens: its file, what was left out, and the lengths of its rows."""

    file: Shard
    rows: int  # of the build; those left out are not among them
    tokens: int
    trained: int
    drops: list[Drop]
    lengths: dict[tuple[str, str], Lengths]


class TokenExport(msgspec.Struct, kw_only=True):
    """`export.json` of an export of tokens."""

    format: str = "tokens"
    recipe: str
    source: str  # sha256 of the build's manifest
    tokenizer: str  # sha256 of tokenizer.json
    max_length: int
    packed: bool
    rows: int
    over_length: int  # rows left out; ledger.parquet names them
    sequences: int
    tokens: int
    trained: int  # tokens that are not masked
    fill: float | None  # share of the sequences that holds tokens; null if not packed
    files: list[Shard]
    lengths: list[Lengths]


def export_tokens(build: Path, tokenizer: str, out: Path, *, max_length: int = 2048, pack: bool = False,
                  workers: int = 1) -> TokenExport:  # fmt: skip
    """Write a finished build to `out` as tokens; all of it or nothing.

    Raises:
        InputError: no finished build, no such tokenizer, a chat template that cannot say where answers are, or
            `out` holds something else.
    """
    made = open_build(build)
    refuse_foreign_export(out)
    with staging(out) as folder:
        return write_tokens(build, made, folder, tokenizer, max_length, pack, workers)


def write_tokens(build: Path, made: Manifest, folder: Path, tokenizer: str, max_length: int, pack: bool, workers: int
                 ) -> TokenExport:  # fmt: skip
    """Write the rows of a build into `folder` as tokens, with a ledger of the rows that are too long."""
    if max_length < 1:
        raise InputError(Fault("--max-length", "a number above 0", str(max_length)))
    found = find_tokenizer(tokenizer)
    sha256 = Encoder(found).sha256
    jobs = []
    for shard in made.shards:
        split = split_of(shard.path)
        (folder / split).mkdir(parents=True, exist_ok=True)
        name = f"{split}/{Path(shard.path).name}"
        jobs.append(TokenJob(str(build / shard.path), str(folder / name), name, str(found), max_length, pack,
                             int(made.recipe.get("seed", 0))))  # fmt: skip
    done = list(run(tokenise, jobs, workers))
    with drop_writer(folder / "ledger.parquet") as ledger:
        for one in done:
            ledger.add(one.drops)
    rows, dropped = sum(one.rows for one in done), sum(len(one.drops) for one in done)
    if rows + dropped != made.rows:
        raise LedgerError(f"{made.rows} rows in the build, {rows} as tokens and {dropped} too long")
    sequences, tokens = sum(one.file.rows for one in done), sum(one.tokens for one in done)
    exported = TokenExport(
        recipe=str(made.recipe["name"]), source=hashing.file_sha256(build / MANIFEST), tokenizer=sha256,
        max_length=max_length, packed=pack, rows=rows, over_length=dropped, sequences=sequences, tokens=tokens,
        trained=sum(one.trained for one in done),
        fill=round(tokens / (sequences * max_length), 4) if pack and sequences else None,
        files=[one.file for one in done], lengths=together(one.lengths for one in done),
    )  # fmt: skip
    text = msgspec.json.format(msgspec.json.encode(exported), indent=1)
    (folder / EXPORT).write_bytes(text + b"\n")
    return exported


def tokenise(job: TokenJob) -> Tokenised:
    """Tokenise a shard and write it, packed or row by row.

    Raises:
        InputError: the chat template cannot say where the answers of a row are.
    """
    encoder = Encoder(Path(job.tokenizer))
    ids: list[str] = []
    kept: list[tuple[Ids, Ids]] = []
    drops: list[Drop] = []
    lengths: dict[tuple[str, str], Lengths] = {}
    for batch in read_rows(Path(job.source), _COLUMNS):
        for row, encoded in zip(batch, _encoded(encoder, batch, job.source), strict=True):
            size = len(encoded[0])
            group = (row["task"], row["language"])
            lengths.setdefault(group, Lengths(*group)).add(size)
            if size > job.max_length:
                drops.append(_too_long(row, size, job.max_length))
            else:
                ids.append(row["id"])
                kept.append(encoded)
    sizes = [len(one) for one, _ in kept]
    if job.pack:
        bins = best_fit(sizes, job.max_length)
        bins.sort(key=lambda rows: hashing.hash64(job.seed, "pack", ids[rows[0]]))
        table = _packed(bins, ids, kept)
    else:
        table = pa.table(
            [
                pa.array(ids, pa.string()),
                _lists([a for a, _ in kept]),
                _lists([b for _, b in kept]),
            ],
            schema=ROWS,
        )
    pq.write_table(table, job.target, compression="zstd")
    path = Path(job.target)
    file = Shard(job.name, table.num_rows, path.stat().st_size, hashing.file_sha256(path))
    trained = sum(int((labels != IGNORED).sum()) for _, labels in kept)
    return Tokenised(file, len(kept), sum(sizes), trained, drops, lengths)


def _encoded(
    encoder: Encoder, batch: Sequence[dict[str, Any]], source: str
) -> list[tuple[Ids, Ids]]:
    try:
        return encoder.encode([row["messages"] for row in batch])
    except TemplateError as error:
        wanted = f"a chat template that fits the rows of {Path(source).name}"
        raise InputError(Fault("--tokenizer", wanted, str(error))) from None


def _too_long(row: dict[str, Any], size: int, limit: int) -> Drop:
    detail = f"{size:,} tokens, {limit:,} at most"
    return Drop(
        "export", "instance", row["dataset"], row["split"], row["id"], "over_length", detail
    )


def _lists(arrays: Sequence[Ids]) -> pa.ListArray:
    offsets = np.cumsum([0, *(len(array) for array in arrays)], dtype=np.int32)
    values = np.concatenate([np.empty(0, np.int32), *arrays])
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values, pa.int32()))


def _packed(
    bins: Sequence[Sequence[int]], ids: Sequence[str], kept: Sequence[tuple[Ids, Ids]]
) -> pa.Table:
    def joined(pick: int) -> list[Ids]:
        return [np.concatenate([kept[row][pick] for row in rows]) for rows in bins]

    sizes = [np.array([len(kept[row][0]) for row in rows], np.int32) for rows in bins]
    places = [np.concatenate([np.arange(size, dtype=np.int32) for size in own]) for own in sizes]
    columns = [
        pa.array([[ids[row] for row in rows] for rows in bins], PACKED.field("ids").type),
        *(_lists(arrays) for arrays in (joined(0), joined(1), places, sizes)),
    ]
    return pa.table(columns, schema=PACKED)
