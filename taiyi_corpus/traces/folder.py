"""The folder of a run: settings it was begun with, calls as they come, and at the end what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.traces.export import exports
from taiyi_corpus.traces.report import Report, accepted_record, failed_record
from taiyi_corpus.traces.rows import Read
from taiyi_corpus.traces.store import CALLS, LOCK
from taiyi_corpus.traces.work import Result

SETTINGS = "settings.json"
_OURS = frozenset(
    {
        *(
            CALLS,
            SETTINGS,
            LOCK,
            "report.json",
            "accepted.jsonl",
            "failed.jsonl",
            "attempts.jsonl",
        ),
        *(
            "left.jsonl",
            "sft.jsonl",
            "sft_plain.jsonl",
            "mix.jsonl",
            "rl_trl.jsonl",
            "rl_swift.jsonl",
        ),
    }
)


def refuse_other(folder: Path, settings: dict[str, Any], *, anew: bool) -> None:
    """Check that a folder is new, or that of a run with the same settings; `anew`: with whatever settings.

    Raises:
        InputError: it is neither.
    """
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if others := [name for name in there if name not in _OURS and not name.endswith(".part")]:
        found = f"{', '.join(others[:5])} in it"
        raise InputError(
            Fault(str(folder), "a new folder, or that of a run", found, "Name another with --out.")
        )
    if anew:
        return
    if SETTINGS not in there:
        if there and there != [LOCK]:
            hint = "Name another with --out, or start with --anew."
            raise InputError(Fault(str(folder), f"a {SETTINGS} beside the calls", "none", hint))
        return
    try:
        before = msgspec.json.decode((folder / SETTINGS).read_bytes())
    except msgspec.MsgspecError:
        before = {}
    if before != settings:
        names = sorted(set(before) | set(settings)) if isinstance(before, dict) else []
        differ = [name for name in names if before.get(name) != settings.get(name)]
        hint = "Name another folder with --out, or start with --anew: what was said is then lost."
        found = f"other {', '.join(differ) or 'content'}"
        raise InputError(
            Fault(str(folder / SETTINGS), "the settings this run was begun with", found, hint)
        )


def empty(folder: Path) -> None:
    """Remove what a run wrote; the lock is the caller's."""
    for path in folder.iterdir():
        if path.name != LOCK:
            path.unlink()


def write_settings(folder: Path, settings: dict[str, Any]) -> None:
    """Write the settings a run is begun with."""
    _write(folder / SETTINGS, msgspec.json.format(msgspec.json.encode(settings), indent=1) + b"\n")


def write_results(
    folder: Path, read: Read, results: Sequence[Result], made: Report, *, keep_failed: bool
) -> None:
    """Write everything that comes of a run, each file whole or not at all."""
    pairs = list(zip(read.rows, results, strict=True))
    files: dict[str, Iterable[Any]] = {
        "accepted.jsonl": (accepted_record(row, r) for row, r in pairs if r.status == "accepted"),
        "failed.jsonl": (failed_record(row, r) for row, r in pairs if r.status != "accepted"),
        "attempts.jsonl": (
            {"id": r.id, **msgspec.to_builtins(a)} for r in results for a in r.attempts
        ),
        "left.jsonl": read.left,
        **exports(read.rows, results, keep_failed=keep_failed),
    }
    for name, records in files.items():
        _write(folder / name, b"".join(msgspec.json.encode(record) + b"\n" for record in records))
    _write(folder / "report.json", msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)
