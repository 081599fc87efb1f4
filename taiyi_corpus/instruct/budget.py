"""The token budget: how much of it words take, and a text made shorter so that question and answer fit beside it.

Whether an instance fits is known when it is rendered, and is checked there on the whole conversation. What must be
decided before (where to cut) reckons with the longest words that may be drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from taiyi_corpus.instruct.ask import Candidate, Refused
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.setting import Setting
from taiyi_corpus.instruct.wording import TaskTemplates, task_templates
from taiyi_corpus.language.sentences import sentence_bounds
from taiyi_corpus.language.tokens import ROLE_TOKENS
from taiyi_corpus.schema.record import Record

_STYLE = 16  # tokens that a style puts around an answer, about


def length(setting: Setting, texts: Sequence[str]) -> int:
    """Return how many tokens a conversation of these messages has."""
    return sum(map(setting.tokens, texts)) + ROLE_TOKENS * len(texts)


def room(setting: Setting, task: str, language: str) -> int:
    """Return how many tokens are left for slots and answer, whichever words of the task are drawn."""
    key = ("room", task, language)
    if key not in setting.kept:
        templates = task_templates(task, language)
        words = max(_words(setting, templates, task, form) for form in FORMS[task])
        setting.kept[key] = setting.recipe.max_tokens - words
    left: int = setting.kept[key]
    return left


def _words(setting: Setting, templates: TaskTemplates, task: str, form: str) -> int:
    """Return the tokens of the longest system text, wording, format and style of a form."""
    made, empty = FORMS[task][form], dict.fromkeys(FORMS[task][form].slots, "")
    systems = templates.systems if made.bare or setting.recipe.systems else []
    formats = [style.format[form](empty) for style in templates.styles_of(form)]
    wordings = [wording(empty) for wording in templates.wordings.get(form, ())]
    longest = [max(map(setting.tokens, texts), default=0) for texts in (systems, wordings, formats)]
    roles = ROLE_TOKENS * (3 if systems else 2)
    return sum(longest) + roles + _STYLE


def fitted(setting: Setting, candidate: Candidate, record: Record, long: str, others: Iterable[str],
           keep: tuple[int, int] | None = None) -> str:  # fmt: skip
    """Return the long part of a question, shortened at sentence bounds if the recipe says so, else whole.

    Args:
        others: the short parts, and the answer.
        keep: code points that must stay; without them the sentences at the beginning stay.

    Raises:
        Refused: it is to be shortened, and not one sentence of it fits.
    """
    if setting.on_long(candidate.task) != "shorten":
        return long
    left = room(setting, candidate.task, setting.language(record))
    left -= sum(map(setting.tokens, others))
    if setting.tokens(long) <= left:
        return long
    bounds = [0, *sentence_bounds(long, record.language, setting.recipe.sentences)]
    sizes = [setting.tokens(long[start:end]) for start, end in pairwise(bounds)]
    first, last = _sentences(bounds, keep)
    free = left - sum(sizes[first:last])
    if free < 0:
        raise Refused(
            "over_budget", f"question and answer leave {max(left, 0)} tokens for the text"
        )
    # What follows explains what stands before it more seldom than the other way round.
    while first > 0 and sizes[first - 1] <= free:
        first -= 1
        free -= sizes[first]
    while last < len(sizes) and sizes[last] <= free:
        free -= sizes[last]
        last += 1
    if not (kept := long[bounds[first] : bounds[last]].strip()):
        raise Refused("over_budget", "not one sentence of the text fits")
    return kept


def _sentences(bounds: list[int], keep: tuple[int, int] | None) -> tuple[int, int]:
    """Return the sentences, from first up to and not including last, that hold what must stay."""
    if keep is None:
        return 0, 0
    first = max(i for i, bound in enumerate(bounds[:-1]) if bound <= keep[0])
    return first, next(i for i, bound in enumerate(bounds) if bound >= keep[1])
