"""Each utterance of a dialogue becomes a row."""

from __future__ import annotations

from taiyi_corpus.adapters.labelled_utterances import adapt
from taiyi_corpus.readers.row import Row


def test_an_utterance_keeps_what_it_has_and_knows_its_dialogue() -> None:
    turns = [
        {
            "sentence_id": "1",
            "speaker": "医生",
            "sentence": "咳吗",
            "dialogue_act": "Request-Symptom",
        },
        {"sentence_id": "2", "speaker": "患者", "sentence": "咳", "dialogue_act": "Inform-Symptom"},
    ]
    first, second = adapt(iter([Row("x.json#0", "7", {"dialogue": turns})]), {})
    assert first.key == "7-1"
    assert first.data["text"] == "医生：咳吗"
    assert first.data["dialogue_act"] == "Request-Symptom"
    assert second.data["dialogue"] == "7"
