"""An output folder is whole or not there: it is written beside its place and swapped in at the end."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from taiyi_corpus.errors import Fault, InputError

MANIFEST = "manifest.json"
# What a build writes, now or in a later version: a folder that holds more is not only a build.
PARTS = frozenset(
    {
        "data",
        MANIFEST,
        "README.md",
        "citations.bib",
        "ledger.parquet",
        "scores.parquet",
        "report.html",
        "tokens",
    }
    | {"messages", "prompt-completion", "alpaca", "sharegpt", "taiyi"}
)
EXPORT = "export.json"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_HINT = "Name another place with --out."


def refuse_foreign(out: Path) -> None:
    """Check that an output folder is new, empty, or an earlier build and nothing else: a build replaces it whole.

    Raises:
        InputError: it holds something else.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise InputError(Fault(str(out), "a folder for the build", "a file", _HINT))
    there = sorted(path.name for path in out.iterdir())
    others = [name for name in there if name not in PARTS]
    wanted = "a new or empty folder, or an earlier build"
    if others:
        raise InputError(Fault(str(out), wanted, f"{', '.join(others[:5])} in it", _HINT))
    if there and not is_build(out):
        found = f"no {MANIFEST} of a build in it"
        raise InputError(Fault(str(out), wanted, found, f"{_HINT[:-1]}, or empty this one."))


def refuse_foreign_export(out: Path) -> None:
    """Check that the folder of an export is new, empty, or an earlier export.

    Raises:
        InputError: it holds something else.
    """
    if out.is_dir() and (not any(out.iterdir()) or (out / EXPORT).is_file()):
        return
    if out.exists():
        found = "a build in it" if is_build(out) else "something else"
        raise InputError(
            Fault(str(out), "a new or empty folder, or an earlier export", found, _HINT)
        )


def is_build(folder: Path) -> bool:
    """Return whether a folder holds the manifest of a build."""
    try:
        made = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(made, dict) and {"recipe", "shards", "counts"} <= made.keys()


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """Yield a hidden folder beside `out`; when the block ends well it takes the place of `out`.

    A build that was killed leaves a hidden folder, which the next one removes, and the former build as it was.

    Raises:
        InputError: nothing can be written there, or something else is being written there.
    """
    out = out.resolve()
    with _alone(out), _swapped_in(out) as work:
        yield work


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the lock of an output folder: a file beside it, which the system lets go of when its process ends."""
    lock = FileLock(out.with_name(f".{out.name}.lock"), timeout=0)
    try:
        _take(lock, out)
        yield
    finally:
        if lock.is_locked:
            # Removed before it is let go of, or another process might hold what is removed.
            with suppress(OSError):
                Path(lock.lock_file).unlink()
            lock.release()


def _take(lock: FileLock, out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        wanted, found = "a folder that nothing else is being written to", "another build or export"
        hint = f"Wait until it has ended, or n{_HINT[1:]}"
        raise InputError(Fault(str(out), wanted, found, hint)) from None
    except OSError as error:
        raise _no_place(error, out) from None


@contextmanager
def _swapped_in(out: Path) -> Iterator[Path]:
    work, former = (out.with_name(f".{out.name}.{what}") for what in ("building", "former"))
    try:
        _recover(out, former)
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
    except OSError as error:
        raise _no_place(error, out) from None
    try:
        yield work
        if out.exists():
            out.rename(former)
        work.rename(out)
        shutil.rmtree(former, ignore_errors=True)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        kept = "What was there before is as it was." if out.exists() else "Nothing was written."
        where, full = str(out), error.strerror or "the disk is full"
        wanted = "room for what is written there and in the cache"
        raise InputError(Fault(where, wanted, full, kept)) from None
    finally:
        _recover(out, former)
        shutil.rmtree(work, ignore_errors=True)


def _no_place(error: OSError, out: Path) -> InputError:
    where = str(error.filename or out.parent)
    return InputError(Fault(where, "a place to write to", str(error.strerror), _HINT))


def _recover(out: Path, former: Path) -> None:
    """Put the former build back if the swap was cut between its two renames."""
    if not former.exists():
        return
    if out.exists() and any(out.iterdir()):
        shutil.rmtree(former)
    else:
        if out.exists():
            out.rmdir()
        former.rename(out)
