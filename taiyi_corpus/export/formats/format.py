"""What a format is, and the turns of a row that most of them are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.export.manifest import Manifest

Row = dict[str, Any]
FileType = Literal["parquet", "jsonl"]
MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the columns of a build that it reads, the schema it writes, and how one becomes the other.

    `converter` is called once an export: what it returns turns one row into another, in the order of the corpus.
    """

    name: str
    columns: tuple[str, ...]
    schema: pa.Schema
    converter: Callable[[Manifest], Callable[[Row], Row]]
    file_type: FileType = "parquet"
    side_files: Callable[[Manifest, Sequence[str], FileType], Mapping[str, str]] | None = None
    keeps_systems: bool = True


@dataclass(frozen=True, slots=True)
class Talk:
    """The messages of a row: a system text or none, and rounds of a question with its answer."""

    system: str | None
    rounds: list[tuple[str, str]]


def talk_of(row: Row) -> Talk:
    """Return the messages of a row as rounds.

    Raises:
        InputError: the turns do not alternate.
    """
    said = [(message["role"], message["content"]) for message in row["messages"]]
    system = said.pop(0)[1] if said and said[0][0] == "system" else None
    roles = [role for role, _ in said]
    if not roles or roles != ["user", "assistant"] * (len(roles) // 2):
        wanted = "turns of user and assistant"
        raise InputError(Fault(row["id"], wanted, ", ".join(roles) or "none"))
    texts = [text for _, text in said]
    return Talk(system, list(zip(texts[::2], texts[1::2], strict=True)))


def simply(convert: Callable[[Row], Row]) -> Callable[[Manifest], Callable[[Row], Row]]:
    """Return the converter of a format whose rows need nothing of the manifest."""
    return lambda made: convert
