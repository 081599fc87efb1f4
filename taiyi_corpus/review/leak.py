"""Looking for protected texts in any corpus, ours or not: Parquet, JSON or JSON lines, a file or a folder of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct

from taiyi_corpus.curate.compared import documents_in
from taiyi_corpus.curate.leaks import Suspect, find_leaks
from taiyi_corpus.curate.protect_file import FORMATS, is_text, rows_of, strings
from taiyi_corpus.curate.protected import Index, load
from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.pipeline.shield import find_shield, index_folder
from taiyi_corpus.spec.curation import Protect
from taiyi_corpus.spec.registry import Registry

_BATCH = 5000


class Found(Struct, frozen=True):
    """One row that holds what is protected."""

    where: str  # "file:row"
    reason: str
    detail: str


class Checked(Struct):
    """What a corpus holds of what is protected."""

    rows: int
    sources: dict[str, int]  # what it was held against -> protected things
    matrix: dict[str, dict[str, int]]  # dataset (or file) -> source -> rows
    found: list[Found]


def leak(registry: Registry, corpus: Path, data: Path, against: Sequence[str] = (), *, samples: bool = False,
         protect: Protect | None = None) -> Checked:  # fmt: skip
    """Hold every row of a corpus against protected texts.

    Args:
        against: datasets, `dataset/split`, files; without any, all benchmark splits that are there.

    Raises:
        InputError: a file cannot be read, or there is nothing to hold the corpus against.
    """
    files = _files(corpus)
    settings = (protect or Protect()).model_copy(
        update={"benchmarks": not against, "also": list(against)}
    )
    shield = find_shield(registry, settings, data, "sample" if samples else "raw")
    folder = index_folder(shield)
    if folder is None:
        hint = f"There is no benchmark split in {data}. Name a dataset or a file: --against."
        raise InputError(Fault("--against", "protected texts", "none", hint))
    index = load(folder)
    things = Counter(index.sources[item.source] for item in index.items)
    result = Checked(0, {name: things[name] for name in index.sources}, {}, [])
    ids = {item.id: index.sources[item.source] for item in index.items}
    for file in files:
        rows = rows_of(file, lambda name, row: (name, row))
        while batch := list(islice(rows, _BATCH)):
            _check(batch, index, ids, file.name, result)
    result.matrix = {name: dict(sorted(row.items())) for name, row in sorted(result.matrix.items())}
    return result


def _files(corpus: Path) -> list[Path]:
    if corpus.is_file():
        return [corpus]
    if not corpus.is_dir():
        raise InputError(
            Fault(str(corpus), "a build, or a file or folder of it", "nothing of that name")
        )
    folder = corpus / "data" if (corpus / "manifest.json").is_file() else corpus
    # What a build leaves beside its rows is no row.
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in FORMATS[1:] and path.name != "ledger.parquet"
    ]
    if not found:
        raise InputError(Fault(str(corpus), f"files of {', '.join(FORMATS[1:])}", "none"))
    return found


def _check(
    batch: list[tuple[str, Any]], index: Index, ids: dict[str, str], file: str, result: Checked
) -> None:
    result.rows += len(batch)
    leaks = {found.row: found for found in find_leaks([_suspect(row) for _, row in batch], index)}
    for number, (name, row) in enumerate(batch):
        of = row.get("dataset") if isinstance(row, dict) else None
        place = of if isinstance(of, str) else file
        record = row.get("record_id") if isinstance(row, dict) else None
        if number in leaks:
            sources, found = (
                leaks[number].sources,
                Found(name, leaks[number].reason, leaks[number].detail),
            )
        elif isinstance(record, str) and record in ids:
            sources, found = [ids[record]], Found(name, "leak_record", f"{ids[record]}: {record}")
        else:
            continue
        result.found.append(found)
        for source in sources:
            counts = result.matrix.setdefault(place, {})
            counts[source] = counts.get(source, 0) + 1


def _suspect(row: Any) -> Suspect:
    texts = list(strings(row))
    return Suspect(documents_in(row), [part for text in texts for part in _wholes(text)], texts)


def _wholes(text: str) -> Iterator[str]:
    """Yield what may be a short protected text put into a prompt: the string, its lines, what follows a colon."""
    seen = {text, *text.splitlines()}
    for line in sorted(seen):
        for colon in (":", "："):
            seen.add(line.partition(colon)[2])
    yield from (part for part in sorted(seen) if is_text(part))
