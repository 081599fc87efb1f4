"""The forms of each task: which slots its wordings have, and which kind of gold it asks for.

A *form* is one decomposition of a task (all types at once, one type). `format` is the slot where the style states
the format it wants; tasks whose answer is free text have none. A *bare* form has no wording: the turn of the source is
the instruction, and the wordings of its file are system texts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """Slots a wording of this form must use, and whether the bare turn is the instruction.

    `unsaid` names words of a style that no answer of this form needs (nothing is never the answer to a single-label
    question), so that its format need not speak of them. A form with `like` has the wordings and styles of that form.
    """

    slots: tuple[str, ...]
    bare: bool = False
    unsaid: tuple[str, ...] = ()
    like: str | None = None


FORMS: dict[str, dict[str, Form]] = {
    "ner": {
        "all_types": Form(("text", "types", "format")),
        "subset": Form(("text", "types", "format"), like="all_types"),
        "one_type": Form(("text", "type", "format")),
    },
    "nen": {
        "mentions": Form(("text", "mentions", "database", "format"), unsaid=("none", "empty")),
        "terms": Form(("text", "mentions", "database", "format"), unsaid=("none", "empty")),
        "candidates": Form(
            ("text", "mention", "candidates", "database", "format"),
            unsaid=("none", "empty", "outer"),
        ),
    },
    "abbreviation": {
        "all_pairs": Form(("text", "format"), unsaid=("none",)),
        "one_pair": Form(("text", "abbreviation", "format"), unsaid=("none", "empty", "outer")),
    },
    "re": {
        "all_relations": Form(("text", "relations", "format")),
        "subset": Form(("text", "relations", "format"), like="all_relations"),
        "one_relation": Form(("text", "relation", "format")),
    },
    "cre": {
        "all_relations": Form(("text", "relations", "format")),
        "subset": Form(("text", "relations", "format"), like="all_relations"),
        "one_relation": Form(("text", "relation", "format")),
    },
    "ee": {
        "all_events": Form(("text", "events", "roles", "format")),
        "subset": Form(("text", "events", "roles", "format"), like="all_events"),
        "one_event": Form(("text", "event", "roles", "format")),
    },
    "coref": {"clusters": Form(("text", "format"))},
    "tc": {
        "single": Form(("text", "labels", "format"), unsaid=("item", "empty")),
        "multi": Form(("text", "labels", "format")),
    },
    "qa_choice": {
        "question": Form(("question", "choices", "format")),
        "context_question": Form(("context", "question", "choices", "format")),
    },
    "qa_yesno": {
        "question": Form(("question", "labels", "format")),
        "context_question": Form(("context", "question", "labels", "format")),
    },
    "qa_sqa": {"bare": Form((), bare=True)},
    "qa_cqa": {"context_question": Form(("context", "question"))},
    "mrd": {"bare": Form((), bare=True)},
    "mt": {"en_zh": Form(("source",)), "zh_en": Form(("source",))},
    "tp_ss": {
        "binary": Form(("text_a", "text_b", "labels", "format")),
        "graded": Form(("text_a", "text_b", "scale", "format")),
        "match": Form(("text_a", "text_b", "labels", "format")),
    },
    "tp_te": {"pair": Form(("text_a", "text_b", "labels", "format"))},
    "tt_ds": {
        "summary": Form(("source",)),
        "title": Form(("source",)),
        "question": Form(("source",)),
    },
    "tt_ts": {
        "report": Form(("source", "sections")),
        "structure": Form(("source", "format")),
    },
    "cot": {"bare": Form((), bare=True)},
    "chat": {"bare": Form((), bare=True)},
}
