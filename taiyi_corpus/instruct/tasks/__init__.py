"""Task modules, by task id."""

from __future__ import annotations

from types import ModuleType

from taiyi_corpus.instruct.tasks import (
    abbreviations,
    classes,
    clusters,
    concepts,
    dialogue,
    events,
    generation,
    mentions,
    questions,
    relations,
)

TASK_MODULES: dict[str, ModuleType] = {
    "ner": mentions, "nen": concepts,
    "re": relations, "cre": relations,
    "ee": events,
    "coref": clusters,
    "tc": classes, "qa_yesno": classes, "tp_ss": classes, "tp_te": classes,
    "qa_choice": questions, "qa_sqa": questions, "qa_cqa": questions, "cot": questions,
    "mrd": dialogue, "chat": dialogue,
    "abbreviation": abbreviations,
    "mt": generation, "tt_ds": generation, "tt_ts": generation,
}  # fmt: skip
