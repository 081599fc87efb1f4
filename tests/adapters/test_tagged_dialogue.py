"""A dialogue with a tag for each character becomes one text with mentions in it."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters.tagged_dialogue import adapt
from taiyi_corpus.readers.row import BadRow, Row


def said(sentence: str, tags: str, **more: Any) -> dict[str, Any]:
    """Return one utterance of the doctor, its tags given by a letter a character."""
    words = {"O": "O", "S": "B-Symptom", "s": "I-Symptom", "D": "B-Drug", "d": "I-Drug"}
    return {
        "speaker": "医生",
        "sentence": sentence,
        "BIO_label": " ".join(words[tag] for tag in tags),
        **more,
    }


def adapted(*dialogue: dict[str, Any]) -> Any:
    """Return what the adapter makes of one dialogue."""
    (row,) = adapt(iter([Row("x.json#0", "7", {"dialogue": list(dialogue)})]), {})
    return row


def mentions(*dialogue: dict[str, Any]) -> list[str]:
    """Return the mentions of a dialogue as its text has them."""
    data = adapted(*dialogue).data
    return [
        data["text"][start:end] for entity in data["entities"] for start, end in entity["spans"]
    ]


def test_each_utterance_is_a_line_with_its_speaker() -> None:
    data = adapted(said("咳嗽吗", "SsO"), {"speaker": "患者", "sentence": "不咳"}).data
    assert data["text"] == "医生：咳嗽吗\n患者：不咳"
    assert data["passages"] == [
        {"type": "医生", "start": 0, "end": 6},
        {"type": "患者", "start": 7, "end": 12},
    ]


def test_offsets_count_speakers_blanks_and_line_ends() -> None:
    assert mentions(said("有 痰吗", "OOSO"), said("吃布洛芬", "ODdd")) == ["痰", "布洛芬"]


def test_a_new_beginning_ends_the_mention_before_it() -> None:
    assert mentions(said("发热咳嗽", "SsSs")) == ["发热", "咳嗽"]


def test_names_and_statuses_belong_to_the_symptoms_in_order() -> None:
    line = said("服布洛芬后发烧退", "ODddOSsO", symptom_norm=["发热"], symptom_type=["0"])
    drug, symptom = adapted(line).data["entities"]
    assert drug["kind"] == "Drug" and "norm" not in drug
    assert (symptom["norm"], symptom["status"], symptom["kind"]) == ("发热", "0", "Symptom-0")


def test_a_dialogue_without_tags_has_no_entities() -> None:
    assert "entities" not in adapted({"speaker": "患者", "sentence": "不咳"}).data


def test_a_missing_tag_breaks_the_dialogue() -> None:
    row = adapted(said("咳嗽吗", "Ss"))
    assert isinstance(row, BadRow)
    assert row.found == "2 for 3 in utterance 1"
