"""The codes of faults that a source may have, as `known_faults` and the ledger name them."""

from __future__ import annotations

FAULTS: dict[str, str] = {
    "row_malformed": "a row or part of it is not what the format or the mapping says",
    "row_duplicate": "a row repeats another: same key, same content",
    "key_repeated": "two rows of a split share a key but not their content",
    "span_mismatch": "the text at the offsets is not the mention's text",
    "span_out_of_text": "offsets lie outside the text",
    "span_empty": "a mention of no characters",
    "id_repeated": "two annotations of a record share an id",
    "ref_dangling": "a reference names no annotation",
    "label_unknown": "a class that `labels.classes` does not list",
    "type_unknown": "an entity, relation or event type that `labels` does not list",
    "answer_not_in_choices": "the answer is none of the options",
    "choice_repeated": "two options are the same",
    "choice_empty": "an option without text",
    "turns_empty": "a dialogue without a turn",
    "turns_not_alternating": "two turns of one speaker in a row",
    "text_empty": "a document without text",
}
