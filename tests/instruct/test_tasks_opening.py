"""What stands before the first question of a dialogue."""

from __future__ import annotations

import pytest

from taiyi_corpus.instruct.ask import Candidate
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.schema.record import Turn
from tests.instruct.asking import record, setting
from tests.toys import dataset

TURNS = [
    Turn("assistant", "Hello."),
    Turn("user", "My toe is sore."),
    Turn("assistant", "Rest it."),
]


@pytest.mark.parametrize(("task", "speaker"), [("mrd", "Doctor"), ("chat", "Assistant")])
def test_leading_words_open_the_first_question_and_say_whose_they_are(
    task: str, speaker: str
) -> None:
    ask = TASK_MODULES[task].ask(
        record(language="en", turns=TURNS),
        Candidate(task, "bare", 0),
        setting(dataset(tasks=[task])),
    )
    assert ask.turns == [Turn("user", f"{speaker}: Hello.\n\nMy toe is sore.")]
    assert ask.gold == "Rest it."
