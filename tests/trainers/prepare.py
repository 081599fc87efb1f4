"""Write what the trainers are to read: `python -m tests.trainers.prepare OUT`.

A small build with a row of each shape, and below `tiny` the 500 rows of that recipe from the bundled samples: of each,
every export, a tokenizer, and in expected.json the answers of each row. The checks beside this file run in a trainer's
own environment and see that folder only.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pyarrow.parquet as pq

from taiyi_corpus.api import build
from taiyi_corpus.export.convert import export
from taiyi_corpus.export.formats import FORMATS
from taiyi_corpus.export.tokens import export_tokens
from tests.export.toy_build import MARKED, rows, write_build, write_tokenizer
from tests.trainers.stretches import LIMIT


def main(out: Path) -> None:
    """Write everything below `out`, which is made anew."""
    shutil.rmtree(out, ignore_errors=True)
    _exports(write_build(out / "build", rows()), out)
    tiny = out / "tiny"
    made = build("tiny", tiny / "build", samples=True, report=False)
    _exports(Path(made.path), tiny)


def _exports(build: Path, out: Path) -> None:
    for name in FORMATS:
        for file_type in ("parquet", "jsonl"):
            export(build, name, out / f"{name}-{file_type}", file_type)
    tokenizer = write_tokenizer(out / "tokenizer", MARKED)
    for name, pack in (("tokens", False), ("packed", True)):
        export_tokens(build, str(tokenizer), out / name, max_length=LIMIT, pack=pack)
    files = sorted((build / "data").iterdir())
    answers = {
        row["id"]: [m["content"] for m in row["messages"] if m["role"] == "assistant"]
        for file in files
        for row in pq.read_table(file).to_pylist()
    }
    (out / "expected.json").write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
