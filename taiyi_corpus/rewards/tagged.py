"""The two tagged parts of an answer with a trace: `<think>...</think>`, then `<answer>...</answer>`.

Searching is by `str.find`, so that the time is linear in the text whatever it repeats.
"""

from __future__ import annotations

from msgspec import Struct

TAGS = ("<think>", "</think>", "<answer>", "</answer>")


class Tagged(Struct, frozen=True):
    """The parts of one text, None where its tags are missing; `strict`: each tag once, in order, nothing beside."""

    think: str | None
    answer: str | None
    strict: bool


def tagged(text: str) -> Tagged:
    """Return the first tagged parts of a text, and whether its tags are exactly as they must be."""
    return Tagged(
        _between(text, TAGS[0], TAGS[1]), _between(text, TAGS[2], TAGS[3]), _is_strict(text)
    )


def wrapped(think: str, answer: str) -> str:
    """Return trace and answer in their tags."""
    return f"<think>\n{think}\n</think>\n\n<answer>\n{answer}\n</answer>"


def holds_tags(text: str) -> bool:
    """Tell whether a text holds one of the tags, so that it cannot stand inside them."""
    return any(tag in text for tag in TAGS)


def _between(text: str, before: str, after: str) -> str | None:
    start = text.find(before)
    if start < 0:
        return None
    start += len(before)
    end = text.find(after, start)
    return None if end < 0 else text[start:end]


def _is_strict(text: str) -> bool:
    if any(text.count(tag) != 1 for tag in TAGS):
        return False
    at = [text.find(tag) for tag in TAGS]
    if at != sorted(at):
        return False
    outside = text[: at[0]] + text[at[1] + len(TAGS[1]) : at[2]] + text[at[3] + len(TAGS[3]) :]
    return not outside.strip()
