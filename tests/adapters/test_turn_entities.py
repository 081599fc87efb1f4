"""What utterances name is gathered, with the number of the utterance."""

from __future__ import annotations

from taiyi_corpus.adapters.turn_entities import adapt
from taiyi_corpus.readers.row import Row


def test_only_utterances_that_name_something_are_listed() -> None:
    turns = [
        {"id": "Patients", "Sentence": "您好", "Symptom": [], "Test": []},
        {"id": "Patients", "Sentence": "胃胀", "Symptom": ["腹胀"], "Test": []},
    ]
    (row,) = adapt(iter([Row("x#0", None, {"items": turns})]), {})
    assert isinstance(row, Row)
    assert row.data["turn_entities"] == [{"utterance": 2, "Symptom": ["腹胀"]}]
