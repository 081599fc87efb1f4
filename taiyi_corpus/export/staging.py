"""An output folder is whole or not there: it is written beside its place and swapped in at the end."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from taiyi_corpus.errors import Fault, InputError

MANIFEST = "manifest.json"


def refuse_foreign(out: Path) -> None:
    """Check that an output folder is new, empty, or an earlier build.

    Raises:
        InputError: it holds something else.
    """
    if out.is_file():
        raise InputError(
            Fault(str(out), "a folder for the build", "a file", "Name another place with --out.")
        )
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise InputError(
            Fault(str(out), "a new or empty folder, or an earlier build", "something else",
                  "Name another place with --out, or empty this one.")
        )  # fmt: skip


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """Yield a hidden folder beside `out`; when the block ends well it takes the place of `out`.

    A build that was killed leaves a hidden folder, which the next one removes, and the former build as it was.
    """
    out = out.absolute()
    _recover(out)
    work = out.with_name(f".{out.name}.building")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        yield work
        former = out.with_name(f".{out.name}.former")
        if out.exists():
            out.rename(former)
        work.rename(out)
        shutil.rmtree(former, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _recover(out: Path) -> None:
    """Put the former build back if the swap was cut between its two renames."""
    former = out.with_name(f".{out.name}.former")
    if former.exists():
        if out.exists():
            shutil.rmtree(former)
        else:
            former.rename(out)
