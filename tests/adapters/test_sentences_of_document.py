"""Each sentence of a document becomes a row."""

from __future__ import annotations

from taiyi_corpus.adapters.sentences_of_document import adapt
from taiyi_corpus.readers.row import Row


def test_a_sentence_keeps_its_annotation_and_knows_its_document() -> None:
    sentences = [
        {"sentence_id": "0", "sentence": "一。", "entities": []},
        {"sentence_id": "1", "sentence": "二。"},
    ]
    document = {"doc_id": "9", "paragraphs": [{"paragraph_id": "3", "sentences": sentences}]}
    first, second = adapt(iter([Row("9.json#0", "9", document)]), {})
    assert (first.key, second.key) == ("9-3-0", "9-3-1")
    assert first.data == {
        "sentence_id": "0",
        "sentence": "一。",
        "entities": [],
        "key": "9-3-0",
        "document": "9",
    }
