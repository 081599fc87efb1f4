"""The token budget: what fits, and a text made shorter so that question and answer fit beside it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from taiyi_corpus.instruct.ask import Ask, Refused
from taiyi_corpus.instruct.setting import Setting
from taiyi_corpus.language.sentences import sentence_bounds


def within(setting: Setting, texts: Iterable[str | None], answer: str) -> None:
    """Check that question and answer fit the budget together.

    Raises:
        Refused: they do not.
    """
    tokens = setting.tokens(answer) if answer else 0
    for text in texts:
        if text:
            tokens += setting.tokens(text)
    if tokens > setting.recipe.max_tokens:
        raise Refused("over_budget", f"about {tokens} tokens, {setting.recipe.max_tokens} at most")


def checked(setting: Setting, ask: Ask) -> Ask:
    """Return a question on an annotated text, if it fits the budget together with its answer.

    Raises:
        Refused: it does not.
    """
    # A short text has a short answer: looking at it would only cost time.
    if len(ask.slots["text"]) > setting.recipe.max_tokens:
        within(setting, ask.slots.values(), str(ask.gold))
    return ask


def fitted(setting: Setting, task: str, long: str, others: Iterable[str | None], answer: str, language: str,
           keep: tuple[int, int] | None = None) -> str:  # fmt: skip
    """Return the long part of a question, shortened at sentence bounds if the recipe says so, else whole.

    Args:
        keep: code points that must stay; without them the sentences at the beginning stay.

    Raises:
        Refused: question and answer do not fit the budget.
    """
    most = setting.recipe.max_tokens
    if setting.on_long(task) != "shorten" or _tokens(setting, [long, *others, answer]) <= most:
        within(setting, [long, *others], answer)
        return long
    room = most - _tokens(setting, [*others, answer])
    bounds = [0, *sentence_bounds(long, language, setting.recipe.sentences)]
    sizes = [setting.tokens(long[start:end]) for start, end in pairwise(bounds)]
    first, last = _sentences(bounds, keep)
    left = room - sum(sizes[first:last])
    if left < 0:
        raise Refused(
            "over_budget", f"question and answer leave {max(room, 0)} tokens for the text"
        )
    # What follows explains what stands before it more seldom than the other way round.
    while first > 0 and sizes[first - 1] <= left:
        first -= 1
        left -= sizes[first]
    while last < len(sizes) and sizes[last] <= left:
        left -= sizes[last]
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


def _tokens(setting: Setting, texts: Iterable[str | None]) -> int:
    return sum(setting.tokens(text) for text in texts if text)
