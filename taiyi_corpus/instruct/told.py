"""Instances whose turns the source gives, of many records at once: questions with one answer, dialogues.

Most rows of a corpus are such, and nothing of them need be an object. A record out of the ordinary is left to
`candidates.find`; what is made here is what that would make of the record, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct

from taiyi_corpus import hashing
from taiyi_corpus.instruct.ask import Candidate, Setting
from taiyi_corpus.instruct.candidates import CANDIDATE, FORM_NAMES
from taiyi_corpus.instruct.render import Ways, ways_of
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.instruct.turns import I64, Turns
from taiyi_corpus.language.tokens import ROLE_TOKENS, estimate_all
from taiyi_corpus.spec.dataset import TASKS, TaskId

_FORM = "bare"


class Told(Struct, frozen=True):
    """Instances of one task, each of another record, by column."""

    task: TaskId
    rows: I64  # of the records in their table, in order
    ids: list[str]
    language: str  # of the instructions
    templates: list[str]
    style: str
    contents: pa.StringArray  # of each instance the system text, a question, an answer ...
    bounds: I64  # of the instances among these
    tokens: I64  # of each instance

    def candidates(self, seed: int, numbers: I64) -> npt.NDArray[np.void]:
        """Return the instances as candidates; `numbers` are the positions of the rows of the table in their part."""
        made = np.zeros(len(self.ids), dtype=CANDIDATE)
        made["order"] = [hashing.hash64(seed, "choose", id_) for id_ in self.ids]
        made["row"] = numbers[self.rows]
        made["task"] = TASKS.index(self.task)
        made["form"] = FORM_NAMES[self.task].index(_FORM)
        made["tokens"] = np.minimum(self.tokens, 65535)
        return made


def told_of(records: pa.Table, setting: Setting, tasks: Sequence[TaskId]) -> Told | None:
    """Return the instances of the ordinary records of a table; None where there are none."""
    task, recipe = tasks[0], setting.recipe
    module = TASK_MODULES[task]
    language = _language(records, setting)
    if (
        len(tasks) > 1
        or language is None
        or not hasattr(module, "turns_of")
        or FORM_NAMES[task] != (_FORM,)
        or recipe.few_shot is not None
        or recipe.tokenizer is not None
        or recipe.estimate != "characters"
        or setting.rate(task, _FORM, 1.0) != 1.0
    ):
        return None
    ways = ways_of(task, _FORM, language, setting)
    turns: Turns | None = module.turns_of(records, task)
    if turns is None or len(ways.taken) != 1:
        return None
    counted = estimate_all(turns.texts) + ROLE_TOKENS
    said = turns.totals(counted)
    fits = said <= module.most(setting, task, language)
    ids = [
        Candidate(task, _FORM, 0).id(id_)
        for id_ in records.column("id").take(pa.array(turns.rows)).to_pylist()
    ]
    drawn = np.array(
        [hashing.hash64(setting.seed, ways.purpose, id_) % ways.count for id_ in ids], np.int64
    )
    systems = pa.array(ways.systems, pa.string())
    tokens = said + (estimate_all(systems) + ROLE_TOKENS)[drawn]
    fits &= tokens <= recipe.max_tokens
    return _told(task, turns, ids, language, ways, systems, drawn, tokens, np.flatnonzero(fits))


def _told(task: TaskId, turns: Turns, ids: list[str], language: str, ways: Ways, systems: pa.StringArray, drawn: I64,
          tokens: I64, kept: I64) -> Told | None:  # fmt: skip
    if not len(kept):
        return None
    turns, drawn = turns.some(kept), drawn[kept]
    sizes = np.diff(turns.bounds) + 1  # with the system text
    bounds = np.concatenate(([0], np.cumsum(sizes)))
    place = np.empty(bounds[-1], np.int64)
    first = np.zeros(bounds[-1], np.bool_)
    first[bounds[:-1]] = True
    place[first] = drawn
    place[~first] = len(systems) + np.arange(len(turns.texts))
    contents = pa.concat_arrays([systems, turns.texts]).take(pa.array(place))
    templates = [f"{ways.template}.{number}" for number in drawn.tolist()]
    return Told(
        task,
        turns.rows,
        [ids[at] for at in kept.tolist()],
        language,
        templates,
        ways.taken[0].name,
        contents,
        bounds,
        tokens[kept],
    )


def _language(records: pa.Table, setting: Setting) -> str | None:
    """Return the language of the instructions; None if they have several, or it is drawn."""
    if (stated := setting.recipe.instruction_language) != "same":
        return stated
    found = records.column("language").unique().to_pylist()
    return found[0] if found in (["en"], ["zh"]) else None
