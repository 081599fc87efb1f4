"""What a style is: a renderer, a parser that undoes it, and the words it needs from a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from taiyi_corpus.errors import TaiyiCorpusError

Gold: TypeAlias = Any  # JSON-able; its shape goes with the kind, see docs/design.md


class Confusable(TaiyiCorpusError):
    """A style cannot write this gold so that it could be read back; style "json" can."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Unparsable(TaiyiCorpusError):
    """A text is not an answer in this style."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Unlisted(Unparsable):
    """A text names a label that was not shown."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What an answer is written and read with, beside the gold."""

    words: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] | None = None  # the labels (or choices) shown, in shown order
    roles: Mapping[str, Sequence[str]] | None = (
        None  # the roles of a relation or event type, in order
    )


@dataclass(frozen=True, slots=True)
class Style:
    """One way to write an answer. `parse(render(gold, frame), frame)` equals `gold`."""

    render: Callable[[Gold, Frame], str]  # raises Confusable
    parse: Callable[[str, Frame], Gold]  # raises Unparsable, and nothing else
    words: tuple[str, ...] = ()
