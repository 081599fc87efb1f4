"""The generic readers on released files: every row is read and none is broken."""

from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.readers import reader
from taiyi_corpus.sources.member import Member
from tests.readers.members import data

DIALOGUE = {"start": r"id=(\d+)"}
TABLE = {"delimiter": "\t", "quoting": "none", "header": False}

# pattern of the files, reader, options, fields of every row
FILES: list[tuple[str, str, dict[str, Any], set[str]]] = [
    ("chinese_medical_dialogue_data/**/*.csv", "csv", {"encoding": "gb18030"}, {"ask", "answer"}),
    ("evidence_inference/annotations_merged.csv", "csv", {}, {"PromptID", "Annotations"}),
    ("seth_corpus/**/corpus.txt", "csv", {**TABLE, "columns": ["id", "text"]}, {"id", "text"}),
    ("bentsao_llamadata/*.json", "jsonl", {}, {"instruction", "output"}),
    ("scicite/**/*.jsonl", "jsonl", {}, {"string", "label"}),
    ("gsm8k/**/*.jsonl", "jsonl", {}, {"question", "answer"}),
    ("pubmed_qa/**/ori_pqal.json", "json", {"keys": True}, {"_key", "QUESTION"}),
    ("chip_cdee/CHIP-CDEE_*.json", "json", {}, {"id", "text"}),
    ("meqsum/*.xlsx", "xlsx", {}, {"File", "CHQ", "Summary"}),
    ("pdr/**/*.xlsx", "xlsx", {}, {"pmid", "sentence", "plant", "disease"}),
    ("bioinfer/**/*.xml", "xml", {"record": "sentence", "parents": ["document"]}, {"@text"}),
    ("liveqa/**/*.xml", "xml", {"record": "NLM-QUESTION"}, {"@qid"}),
    ("meddialog_zh/*.txt", "blocks", DIALOGUE, {"lines"}),
    ("meddialog_en/**/*.txt", "blocks", DIALOGUE, {"lines"}),
    ("hallmarks_of_cancer/**/text/*.txt", "text", {}, {"stem", "text"}),
    ("evidence_inference/splits/*.txt", "lines", {}, {"line", "text"}),
]


@pytest.mark.parametrize(("pattern", "name", "options", "fields"), FILES)
def test_released_files_are_read_without_a_broken_row(
    data_dir: Path, pattern: str, name: str, options: dict[str, Any], fields: set[str]
) -> None:
    files = sorted(file for file in data_dir.glob(pattern) if file.is_file())
    assert files
    rows = data(reader(name)([Member(path=file.name, file=file) for file in files], **options))
    assert rows
    assert all(fields <= row.keys() for row in rows)
