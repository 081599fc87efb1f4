"""Near duplicates taken out of JSON lines with the tools there are: datatrove's four stages, or datasketch.

Both with word 5-grams and 14 bands of 8 hashes; words of Chinese are cut by jieba in datatrove, as is its default, and
are characters for datasketch. The files are what is shared out to processes, so several are wanted.

datatrove needs an xxhash below 4, and so an environment of its own: `python -m venv PEERS`, then `pip install datatrove
"xxhash<4" orjson spacy jieba tokenizers datasketch datasets jinja2`.
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

Row = dict[str, Any]

GRAM, BANDS, HASHES = 5, 14, 8


def said(row: Row) -> str:
    """Return what is compared: a text, a question with its answer, the turns of a dialogue."""
    if "turns" in row:
        return "\n".join(turn["content"] for turn in row["turns"])
    return f"{row['question']}\n{row['answer']}" if "question" in row else str(row["text"])


def datatrove(source: Path, target: Path, chinese: bool, workers: int) -> None:
    """Write the rows of a folder that stay to another, under the same names."""
    from datatrove.executor.local import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import (
        MinhashConfig,
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
    )
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.typeshelper import Languages

    files = len(list(source.glob("*.jsonl")))
    config = MinhashConfig(n_grams=GRAM, num_buckets=BANDS, hashes_per_bucket=HASHES)
    language = Languages.mandarin_chinese__hani if chinese else Languages.english
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        signed, banded, gone = (str(Path(name) / part) for part in ("signed", "banded", "gone"))
        read = JsonlReader(str(source), adapter=_as_document)
        write = JsonlWriter(str(target), "${name}", compression=None, adapter=_as_row)
        stages = [
            ([read, MinhashDedupSignature(signed, config=config, language=language)], files),
            ([MinhashDedupBuckets(signed, banded, config=config)], BANDS),
            ([MinhashDedupCluster(banded, gone, config=config)], 1),
            ([read, MinhashDedupFilter(gone), write], files),
        ]
        for number, (stage, tasks) in enumerate(stages):
            log = str(Path(name) / f"log{number}")
            LocalPipelineExecutor(
                stage, tasks=tasks, workers=min(tasks, workers), logging_dir=log
            ).run()


def _as_document(reader: Any, row: Row, path: str, number: int) -> Row:
    metadata = {"row": row, "name": Path(path).name}
    return {"text": said(row), "id": f"{path}/{number}", "metadata": metadata}


def _as_row(writer: Any, document: Any) -> Row:
    row: Row = document.metadata["row"]
    return row


def datasketch(source: Path, target: Path, chinese: bool, workers: int) -> None:
    """Do the same: sketches are made by the workers, this process looks them up."""
    target.mkdir(parents=True)
    paths = sorted(source.glob("*.jsonl"))
    find = lookup()
    with multiprocessing.Pool(workers) as pool:
        jobs = [(path, chinese) for path in paths]
        for path, sketched in zip(paths, pool.imap(_sketched, jobs), strict=True):
            with path.open(encoding="utf-8") as file, (target / path.name).open("w") as kept:
                kept.writelines(
                    line for line, sketch in zip(file, sketched, strict=True) if not find(sketch)
                )


def lookup() -> Any:
    """Return a function that says whether a sketch is like one it was asked for before."""
    from datasketch import MinHashLSH

    index = MinHashLSH(num_perm=BANDS * HASHES, params=(BANDS, HASHES))
    number = count()

    def find(sketch: Any) -> bool:
        if index.query(sketch):
            return True
        index.insert(next(number), sketch)
        return False

    return find


def sketches(texts: Iterable[str], chinese: bool) -> Iterator[Any]:
    """Yield the sketch of each text."""
    from datasketch import LeanMinHash, MinHash

    shingled = (
        _shingles(text if chinese else text.split(), "" if chinese else " ") for text in texts
    )
    for sketch in MinHash.generator(shingled, num_perm=BANDS * HASHES):
        yield LeanMinHash(sketch)


def _shingles(words: str | list[str], between: str) -> list[bytes]:
    last = max(1, len(words) - GRAM + 1)
    return [between.join(words[i : i + GRAM]).encode() for i in range(last)]


def _sketched(job: tuple[Path, bool]) -> list[Any]:
    path, chinese = job
    with path.open(encoding="utf-8") as file:
        return list(sketches((said(json.loads(line)) for line in file), chinese))


TOOLS = {"datatrove": datatrove, "datasketch": datasketch}
