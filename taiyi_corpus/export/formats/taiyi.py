"""taiyi: the record of the paper's release, field for field.

`conversation_id` (from 1 within category and dataset), `category` and `dataset` as the release spells them (the
registry says how; where it says nothing, the category of the task and our id), `language` (`zh-en` or `en-zh` of a
translation), `conversation[{human, assistant}]`. The record has no place for a system text: it is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pyarrow as pa

from taiyi_corpus.export.formats.format import Format, Row, talk_of
from taiyi_corpus.export.manifest import Manifest

CATEGORIES = {
    "ner": "NER", "nen": "NER", "abbreviation": "NER", "coref": "NER", "re": "RE", "cre": "RE", "ee": "EE",
    "tc": "TC", "qa_choice": "QA_choice", "qa_yesno": "QA_choice", "qa_sqa": "QA_sqa", "qa_cqa": "QA_cqa",
    "mrd": "MRD", "tp_ss": "TP-ss", "tp_te": "TP-ss", "tt_ds": "TT-ds", "tt_ts": "ADD", "cot": "COT", "chat": "MRD",
}  # fmt: skip
_DIRECTIONS = {"zh_en": ("MT-zh2en", "zh-en"), "en_zh": ("MT-en2zh", "en-zh")}


def _converter(made: Manifest) -> Callable[[Row], Row]:
    names = {id_: about.get("taiyi", {}) for id_, about in made.datasets.items()}
    counts: Counter[tuple[str, str]] = Counter()

    def convert(row: Row) -> Row:
        task, language = row["task"], row["language"]
        category, dataset = _name(names.get(row["dataset"], {}).get(task, []), row)
        if task == "mt":
            category, language = _DIRECTIONS[row["template"].split(".")[1]]
        counts[category, dataset] += 1
        return {
            "conversation_id": counts[category, dataset],
            "category": category,
            "dataset": dataset,
            "language": language,
            "conversation": [
                {"human": human, "assistant": answer} for human, answer in talk_of(row).rounds
            ],
        }

    return convert


def _name(spelled: list[list[str]], row: Row) -> tuple[str, str]:
    """Return category and dataset in the words of the release; of several, the one the record's id ends with."""
    if not spelled:
        return CATEGORIES.get(row["task"], "MT-zh2en"), row["dataset"]
    ours = (pair for pair in spelled if row["record_id"].endswith(pair[1].rsplit("_", 1)[-1]))
    category, dataset = next(ours, spelled[0])
    return category, dataset


FORMAT = Format(
    "taiyi",
    ("id", "messages", "task", "language", "dataset", "template", "record_id"),
    pa.schema(
        [
            ("conversation_id", pa.int64()),
            *((name, pa.string()) for name in ("category", "dataset", "language")),
            (
                "conversation",
                pa.list_(pa.struct([("human", pa.string()), ("assistant", pa.string())])),
            ),
        ]
    ),
    _converter,
    file_type="jsonl",
    keeps_systems=False,
)
