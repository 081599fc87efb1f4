"""Write what the trainers are to read: `python -m tests.trainers.prepare OUT`.

A small build with a row of each shape, every export of it, a tokenizer, and in expected.json the answers of each row.
The checks beside this file run in a trainer's own environment and see that folder only.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from taiyi_corpus.export.convert import export
from taiyi_corpus.export.formats import FORMATS
from taiyi_corpus.export.tokens import export_tokens
from tests.export.toy_build import MARKED, TALKS, rows, write_build, write_tokenizer


def main(out: Path) -> None:
    """Write everything below `out`, which is made anew."""
    shutil.rmtree(out, ignore_errors=True)
    build = write_build(out / "build", rows())
    for name in FORMATS:
        for file_type in ("parquet", "jsonl"):
            export(build, name, out / f"{name}-{file_type}", file_type)
    tokenizer = write_tokenizer(out / "tokenizer", MARKED)
    for name, pack in (("tokens", False), ("packed", True)):
        export_tokens(build, str(tokenizer), out / name, max_length=512, pack=pack)
    answers = {
        id_: [text for role, text in talk if role == "assistant"] for id_, talk in TALKS.items()
    }
    (out / "expected.json").write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
