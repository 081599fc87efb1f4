"""The language of a record, where a dataset has two."""

from __future__ import annotations

import pytest

from tests.toys import dataset, normalise

TURNS = {"turns": {"each": "turns"}}


def dialogue(*texts: str) -> dict[str, object]:
    roles = ("user", "assistant")
    return {"turns": [{"role": roles[n % 2], "text": text} for n, text in enumerate(texts)]}


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (("How are you?", "Fine."), "en"),
        (("你好", "你好！"), "zh"),
        (("What does 茶 mean?", "Tea."), "zh"),
        (("Translate 'tea'.", "茶"), "en"),
    ],
)
def test_a_dialogue_of_a_bilingual_dataset_is_in_the_language_it_opens_in(
    texts: tuple[str, ...], language: str
) -> None:
    spec = dataset(language="en-zh", map=TURNS)
    assert normalise(spec, dialogue(*texts)).only.language == language


def test_a_dialogue_of_a_dataset_of_one_language_is_in_that() -> None:
    assert normalise(dataset(map=TURNS), dialogue("你好", "Hello!")).only.language == "en"
