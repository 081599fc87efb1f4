"""Dialogues: the turns of the source are the instruction.

Leading turns of the doctor (in a chat, of the assistant) become context, context opens the first user turn, a trailing
turn of the patient or user has no answer and is left out.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting
from taiyi_corpus.instruct.budget import length, room
from taiyi_corpus.instruct.turns import Turns
from taiyi_corpus.schema.record import Record, Turn

COLUMNS = ("turns", "context")
# Who said what opens the first user turn.
_DOCTOR = {"zh": "医生：", "en": "Doctor: "}
_ASSISTANT = {"zh": "助手：", "en": "Assistant: "}


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return one instance of a record that is a dialogue."""
    if record.turns is None:
        return []
    return [Candidate(task, "bare", k) for k in range(setting.times(task, "bare", record.id, 1.0))]


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the dialogue up to its last answer."""
    kept = _fitting(_exchanges(record, setting), record, setting)
    if not kept:
        raise Refused("over_budget", "the first question and its answer are over the budget")
    return Ask(slots={}, gold=kept[-1].text, turns=kept[:-1])


def turns_of(records: pa.Table, task: str) -> Turns | None:
    """Return the turns of the dialogues that are asked as they are: a question first, an answer last, no context."""
    turns, context = (records.column(name).combine_chunks() for name in ("turns", "context"))
    sizes = pc.list_value_length(turns).fill_null(0).to_numpy(zero_copy_only=False)
    sizes = sizes.astype(np.int64)
    bounds = np.concatenate(([0], np.cumsum(sizes)))
    said = turns.flatten()
    asks = pc.equal(said.field("role"), "user").to_numpy(zero_copy_only=False)
    place = np.arange(len(asks)) - np.repeat(bounds[:-1], sizes)
    odd = np.concatenate(([0], np.cumsum(asks != (place % 2 == 0))))
    plain = (sizes > 0) & (sizes % 2 == 0) & (odd[bounds[1:]] == odd[bounds[:-1]])
    rows = np.flatnonzero(plain & context.is_null().to_numpy(zero_copy_only=False))
    if not len(rows):
        return None
    return Turns(np.arange(len(sizes)), said.field("text"), bounds).some(rows)


def most(setting: Setting, task: str, language: str) -> int:
    """Return how many tokens the turns may have; of one with more the last are left out."""
    return room(setting, _task(setting), language)


def lost(record: Record, setting: Setting) -> list[tuple[str, str, str]]:
    """Return (turn, reason, detail) of the turns an instance leaves out."""
    try:
        exchanges = _exchanges(record, setting)
    except Refused:
        return []
    turns = record.turns or []
    kept = len(_fitting(exchanges, record, setting))
    left_out = []
    if 0 < kept < len(exchanges):
        first = len(turns) - (turns[-1].role == "user") - (len(exchanges) - kept) + 1
        detail = f"{len(exchanges) - kept} turns after the last answer that fits"
        left_out.append((f"turn{first}", "turns_over_budget", detail))
    if turns[-1].role == "user":
        left_out.append(
            (f"turn{len(turns)}", "trailing_user_turn", "a last turn without an answer")
        )
    return left_out


def _exchanges(record: Record, setting: Setting) -> list[Turn]:
    """Return question, answer, question, answer ...; what comes before the first question is part of it."""
    return setting.once(record, "exchanges", lambda: _paired(record, setting))


def _paired(record: Record, setting: Setting) -> list[Turn]:
    turns = list(record.turns or [])
    context = [record.context] if record.context else []
    speaker = _ASSISTANT if _task(setting) == "chat" else _DOCTOR
    while turns and turns[0].role == "assistant":
        context.append(speaker[setting.language(record)] + turns.pop(0).text)
    if turns and turns[-1].role == "user":
        turns.pop()
    if not turns:
        raise Refused("dialogue_one_sided", "no question with an answer")
    return [Turn("user", "\n\n".join([*context, turns[0].text])), *turns[1:]]


def _fitting(turns: list[Turn], record: Record, setting: Setting) -> list[Turn]:
    # A dialogue over the budget ends after the last answer that fits: answers are never cut.
    return setting.once(record, "fitting", lambda: _within(turns, record, setting))


def _within(turns: list[Turn], record: Record, setting: Setting) -> list[Turn]:
    left, keep = room(setting, _task(setting), setting.language(record)), 0
    for number in range(0, len(turns) - 1, 2):
        left -= length(setting, [turn.text for turn in turns[number : number + 2]])
        if left < 0:
            break
        keep = number + 2
    return turns[:keep]


def _task(setting: Setting) -> str:
    return "chat" if "chat" in setting.spec.tasks else "mrd"
