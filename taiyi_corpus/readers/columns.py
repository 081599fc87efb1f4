"""Names of the columns of a table, checked: no name twice, a column without a name is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from taiyi_corpus.errors import Fault, InputError, SourceError


def column_names(
    header: Sequence[str] | None, columns: Sequence[str] | None, where: str
) -> list[str]:
    """Return the name of each column; "" stands for a column that is left out.

    `columns`, where given, takes the place of the header, which must then be as wide.

    Raises:
        SourceError: the header has a name twice, or is not as wide as `columns`.
        InputError: neither header nor `columns`.
    """
    if header is None and columns is None:
        raise InputError(Fault(where, "`columns` for a table without a header", "none"))
    if header is not None and columns is not None and len(header) != len(columns):
        wanted = f"as many columns as `columns` names ({len(columns)})"
        raise SourceError(Fault(where, wanted, f"{len(header)}: {', '.join(header)}"))
    names = [name if name.strip() else "" for name in columns or header or ()]
    if twice := [name for name, n in Counter(names).items() if name and n > 1]:
        raise SourceError(
            Fault(
                where,
                "every column name once",
                f"{', '.join(map(repr, twice))} more than once",
                "Name the columns with `columns`.",
            )
        )
    if not any(names):
        raise SourceError(Fault(where, "a header with column names", "none"))
    return names
