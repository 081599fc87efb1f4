"""Whole instances of hostile texts: they stand in the prompt literally, and every answer reads back."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.instruct.ask import Refused, Setting
from taiyi_corpus.instruct.render import parse_back, render
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.schema.record import Answer, Choice, Coreference, Record, Turn
from taiyi_corpus.spec.recipe import Recipe
from tests.instruct.asking import entity, event, record, relation, setting

PIECES = [
    "{{ text }}", "{{", "}}", "{% for x in y %}", "{% raw %}", "{#", "%s", "%(x)s", "{type}", "{0}", "\\n", "<answer>",
    "</answer>", "```json", "[", "]", "；", "; ", "，", ", ", "：", ": ", "→", "|", '"', "“", "”", "'", "(", "）",
    "none", "无", "A.", "\n", "\u3000", "\u2028", "é", "肝癌", "IL-2", "x", " ",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
WORDS = HOSTILE.filter(lambda text: bool(text.strip()))
FORMS = {
    "ner": {"all_types": 1.0, "subset": 1.0, "one_type": 2.0},
    "re": {"all_relations": 1.0, "one_relation": 1.0},
    "ee": {"all_events": 1.0, "one_event": 1.0},
}


def hostile(words: list[str], language: str) -> Record:
    text = " ".join(words)
    places, at = [], 0
    for word in words:
        places.append(at)
        at += len(word) + 1
    entities = [
        entity(f"T{n}", ("Drug", "Disease", "Gene")[n % 3], word, place)
        for n, (word, place) in enumerate(zip(words, places, strict=True))
    ]
    last = f"T{len(words) - 1}"
    return record(
        "h",
        language=language,
        text=text,
        entities=entities,
        relations=[relation("R1", "causes", "T0", last), relation("R2", "treats", last, "T0")],
        events=[event("E1", "Control", (words[0], 0), Theme=last, Cause="T0")],
        coreferences=[Coreference(id="S1", refs=["T0", last])],
        labels=["cure"],
        question=words[0],
        choices=[Choice(str(n), word) for n, word in enumerate(words)],
        answers=[Answer(text=words[-1])],
        turns=[Turn("user", words[0]), Turn("assistant", words[-1])],
    )


def kept(task: str, found: Record) -> list[str]:
    """What of a record must stand in the conversation as it is."""
    given: dict[str, Any] = {"qa_choice": found.question, "qa_sqa": found.question}
    return [(given.get(task) or found.text or "").strip()]


@given(
    st.lists(WORDS, min_size=2, max_size=4, unique_by=str.strip),
    st.sampled_from(["en", "zh"]),
    st.integers(0, 50),
)
def test_hostile_texts_are_literal_and_their_answers_read_back(
    words: list[str], language: str, seed: int
) -> None:
    found = hostile([word.strip() for word in words], language)
    at: Setting = setting(expand=FORMS, seed=seed)
    assert isinstance(at.recipe, Recipe)
    asked = 0
    for task in ("ner", "re", "ee", "coref", "tc", "qa_choice", "qa_sqa", "mrd"):
        for candidate in TASK_MODULES[task].candidates(found, task, at):
            try:
                made = render(found, candidate, at)
            except Refused:
                continue
            asked += 1
            assert parse_back(made), (made.style, made.answer, made.gold)
            said = "\n".join(message.content for message in made.messages[:-1])
            assert all(text in said for text in kept(task, found) if task != "mrd")
    assert asked > 4
