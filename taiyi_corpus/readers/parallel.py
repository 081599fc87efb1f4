r"""Parallel texts: files of the same name but for their ending, aligned line by line.

With `sides: {zh: .zh, en: .en}`, line 3 of `news.train.zh` and line 3 of `news.train.en` give the row

    {"line": 3, "zh": "...", "en": "..."}

Lines end at "\n" or "\r\n" only: other line separators of Unicode are text, or the two sides would slip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import zip_longest

from taiyi_corpus.errors import Fault, InputError, SourceError
from taiyi_corpus.readers.decode import open_text
from taiyi_corpus.readers.lines import without_end
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member


def read(
    members: Sequence[Member], *, sides: dict[str, str], encoding: str = "utf-8"
) -> Iterator[Row | BadRow]:
    """Read a row from each line number.

    Args:
        members: the files; those whose paths differ in the ending only belong together.
        sides: name of each side in the row -> ending of its files; two at least.
        encoding: encoding of the files.

    Raises:
        SourceError: a file lacks its counterpart, or the sides differ in their number of lines.
    """
    if len(sides) < 2 or len(set(sides.values())) < len(sides):
        raise InputError(Fault("sides", "two names or more, each with its own ending", repr(sides)))
    for stem, files in _together(members, sides).items():
        with ExitStack() as stack:
            opened = [stack.enter_context(open_text(files[name], encoding)) for name in sides]
            for number, lines in enumerate(zip_longest(*opened), 1):
                if None in lines:
                    short = [name for name, line in zip(sides, lines, strict=True) if line is None]
                    found = f"{', '.join(short)} ends after line {number - 1}, the rest goes on"
                    raise SourceError(Fault(stem, "as many lines on each side", found))
                texts = dict(zip(sides, map(without_end, lines), strict=True))
                yield Row(f"{stem}:{number}", None, {"line": number, **texts})


def _together(members: Sequence[Member], sides: dict[str, str]) -> dict[str, dict[str, Member]]:
    """Return path without its ending -> the file of each side."""
    groups: dict[str, dict[str, Member]] = {}
    faults: list[Fault] = []
    for member in members:
        name = next((n for n, ending in sides.items() if member.path.endswith(ending)), None)
        if name is None:
            wanted = f"a file that ends in {' or '.join(sides.values())}"
            faults.append(Fault(member.path, wanted, "another ending"))
        else:
            groups.setdefault(member.path.removesuffix(sides[name]), {})[name] = member
    for stem, files in groups.items():
        if missing := [stem + ending for name, ending in sides.items() if name not in files]:
            faults.append(Fault(stem, "a file for each side", f"no {', '.join(missing)}"))
    if faults:
        raise SourceError(faults)
    return groups
