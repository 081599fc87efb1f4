"""Records of one part each, for tests of curating."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.schema.record import Answer, Record


def record(key: str = "1", **parts: Any) -> Record:
    identity = {"dataset": "toy", "split": "train", "origin": "raw", "license": "MIT"}
    return Record(id=f"toy/train/{key}", **{"language": "en", **identity, **parts})


def answered(key: str, question: str, *answers: str, **parts: Any) -> Record:
    return record(key, question=question, answers=[Answer(text=text) for text in answers], **parts)
