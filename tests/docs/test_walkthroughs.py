"""The pages that say "type along" hold what they promise: their commands run, in order, in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"(?:`([\w./-]+\.yaml)`[^\n]*\n\n)?```(\w+)\n(.*?)```", re.DOTALL)
SHELL = 'taiyi-corpus() {{ "{python}" -m taiyi_corpus "$@"; }}\npython() {{ "{python}" "$@"; }}\nset -e\n'


def script(page: str) -> str:
    """The blocks of a page as one shell script: files are written, commands run, Python is run."""
    lines = [SHELL.format(python=sys.executable)]
    for file, language, body in BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        if language == "sh" and not body.startswith("pip install"):
            lines.append(body)
        elif language == "yaml" and file:
            lines.append(f"cat > {file} <<'END_OF_FILE'\n{body}END_OF_FILE\n")
        elif language == "python":
            lines.append(f"python - <<'END_OF_FILE'\n{body}END_OF_FILE\n")
    return "".join(lines)


def typed_along(page: str, folder: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "TAIYI_CORPUS_DATA"}
    done = subprocess.run(
        ["bash", "-c", script(page)],
        cwd=folder,
        env={**environment, "TAIYI_CORPUS_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_add_a_dataset(tmp_path: Path) -> None:
    said = typed_along("add-a-dataset.md", tmp_path)
    assert re.search(r"^sideeffects +ready +train 4/4, test 1/1 +5 +ok$", said, re.MULTILINE)
    assert "\n4 rows in out/stage1\n" in said
    assert "sideeffects/train/s3#tc.single.0" in said
    assert re.search(r"^pharmacist_qa +ready +train 3/3 +2 +ok$", said, re.MULTILINE)
    assert re.search(r"^tiny_drugs +ready +train 1/1, test 1/1 +6 +ok$", said, re.MULTILINE)
    assert "tiny_drugs/train/a1#re.all_relations.0" in said


@pytest.mark.slow
def test_tutorial(tmp_path: Path) -> None:
    said = typed_along("tutorial.md", tmp_path)
    assert "CMeEE-V2" in said
    assert "--- raw row" in said
    assert "bc5cdr/train/90000001#ner.all_types.0" in said
    made = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {path.relative_to(tmp_path / "out").as_posix() for path in made} == {
        f"stage1/{name}"
        for name in (
            "README.md",
            "citations.bib",
            "data/train-00000-of-00001.parquet",
            "ledger.parquet",
            "manifest.json",
            "report.html",
        )
    }
