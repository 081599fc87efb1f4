"""Worked examples before a question, in its wording and style; which records serve: taiyi_corpus.instruct.around."""

from __future__ import annotations

from taiyi_corpus import hashing
from taiyi_corpus.instruct import answers
from taiyi_corpus.instruct.around import document
from taiyi_corpus.instruct.ask import Ask, Candidate, Setting
from taiyi_corpus.instruct.budget import length
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.instruct.wording import Style, filled, task_templates
from taiyi_corpus.schema.record import Record, Turn


def examples(record: Record, candidate: Candidate, setting: Setting, id_: str, wording: int, style: Style,
             room: int) -> list[Turn]:  # fmt: skip
    """Return the examples of an instance as turns, as many as fit into `room` tokens; never of its own document."""
    few, task, form = setting.recipe.few_shot, candidate.task, candidate.form
    if few is None or hashing.unit(setting.seed, "few_shot?", id_) >= few.rate:
        return []
    shots = setting.around.shots.get(f"{task}.{form}", [])
    others = [shot for shot in shots if document(shot) != document(record) and shot.id != record.id]
    turns: list[Turn] = []
    for shot in others[: few.k]:
        ask: Ask = TASK_MODULES[task].ask(shot, Candidate(task, form, 0), setting)
        worded = ask.worded or form
        templates = task_templates(task, setting.language(shot))
        asked = ask.turns or [
            Turn("user", filled(ask, templates.wordings[worded][wording], style.format[worded]))
        ]
        try:
            said = answers.render(
                answers.KINDS[task], style.name, ask.gold, style.words, ask.options, roles=ask.roles
            )
        except answers.Confusable:
            continue  # an example in another style would teach the wrong one
        one = [*asked, Turn("assistant", said)]
        room -= length(setting, [turn.text for turn in one])
        if room < 0:
            break
        turns += one
    return turns
