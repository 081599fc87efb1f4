"""`fetch`, `place`, `lock`: raw data from where it lies, from the user's own disk, and what exactly it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.downloads import Downloads, bytes_shown
from taiyi_corpus.cli.options import (
    Data,
    DatasetId,
    Language,
    RegistryDirs,
    Task,
    check_kind,
    of_kind,
    registry_of,
)
from taiyi_corpus.cli.voice import note, plural, say, say_faults, table
from taiyi_corpus.errors import Fault, InputError

if TYPE_CHECKING:
    from taiyi_corpus.fetch.one import Fetched

LockFile = Annotated[
    Path, typer.Option("--lock", metavar="FILE", help="The lock file, which hashes are kept in.")
]
DEFAULT_LOCK = Path("taiyi.lock")
Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID]...", help="Ids of datasets.", show_default=False),
]


def fetch(
    ids: Ids = None,
    all_: Annotated[bool, typer.Option("--all", help="All datasets.")] = False,
    language: Language = None,
    task: Task = None,
    data: Data = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Take files from the cache only; use no network.")
    ] = False,
    update: Annotated[
        bool,
        typer.Option("--update", help="Take what the addresses give now, and lock that instead."),
    ] = False,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, help="Files at once.")
    ] = 8,
    lock: LockFile = DEFAULT_LOCK,
    registry: RegistryDirs = None,
) -> None:
    """Download raw data, each file verified and whole or not at all; say how to get by hand what cannot be fetched.

    Downloads that broke off go on where they stopped. Files lie in a cache that projects share, the folder of raw data
    holds links into it.

    \b
    Example:
      taiyi-corpus fetch bc5cdr ncbi_disease
      taiyi-corpus fetch --language zh --task ner
    """
    from taiyi_corpus.fetch.run import fetch as fetched

    check_kind(language, task)
    if not (ids or all_ or language or task):
        hint = "`taiyi-corpus fetch --all` fetches everything."
        raise InputError(Fault("fetch", "ids, --all, --language or --task", "none of them", hint))
    known = registry_of(registry, ids)
    specs = [known[id_] for id_ in of_kind(known, language, task)]
    folder = paths.data_dir(data)
    with Downloads(len(specs)) as shown:
        done = []
        for one in fetched(specs, folder, lock, offline=offline, update=update, workers=workers,
                           progress=shown):  # fmt: skip
            shown.finished(one.id)
            done.append(one)
    done.sort(key=lambda one: one.id)
    _report(done)
    if any(one.outcome == "failed" for one in done):
        raise typer.Exit(1)


def _report(done: list[Fetched]) -> None:
    for one in done:
        if one.manual:
            say(one.manual)
            say()
    table(
        ("id", "outcome", "state", "new", "why"),
        (
            (
                one.id,
                one.outcome,
                one.state,
                bytes_shown(one.downloaded) if one.downloaded else "",
                "; ".join(fault.found for fault in one.faults) or "; ".join(one.missing),
            )
            for one in done
        ),
        right=("new",),
        whole=("id", "outcome", "state"),
    )
    counts = [
        f"{count} {outcome}"
        for outcome in ("have", "fetched", "manual", "failed")
        if (count := sum(one.outcome == outcome for one in done))
    ]
    note(", ".join(counts) or "no dataset is of that kind")
    if faults := [fault for one in done for fault in one.faults]:
        say_faults(faults)


def place(
    id_: DatasetId,
    given: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Archives, folders or files.", show_default=False),
    ],
    data: Data = None,
    lock: LockFile = DEFAULT_LOCK,
    registry: RegistryDirs = None,
) -> None:
    """File data got by hand: an archive or its unpacked folder, with one folder more or less.

    What belongs to the dataset is verified and copied into the cache, and the folder of raw data gets links to it.

    \b
    Example:
      taiyi-corpus place cmeee_v2 ~/Downloads/CMeEE-V2.zip
    """
    from taiyi_corpus.fetch.run import place as placed

    spec = registry_of(registry, [id_])[id_]
    done = placed(spec, given, paths.data_dir(data), lock)
    for path in done.filed:
        say(f"filed {path}")
    say(f"{id_} is {done.located.state}", "bold")
    for pattern in done.located.missing:
        say(f"  missing {pattern}")


def lock(
    ids: Ids = None,
    data: Data = None,
    lock: LockFile = DEFAULT_LOCK,
    registry: RegistryDirs = None,
) -> None:
    """Write down what there is: hashes of all sources, registry files, adapters and templates.

    `build --locked` then refuses to build from anything else.

    \b
    Example:
      taiyi-corpus lock && taiyi-corpus build --stage 1 --locked
    """
    from taiyi_corpus.fetch.run import lock_all

    known = registry_of(registry, ids)
    locked = lock_all(known, paths.existing_data_dir(data), lock)
    for fault in locked.changes:
        say(f"changed {fault.where}: {fault.wanted} -> {fault.found}")
    say(f"{lock}: {plural(len(locked.ids), 'dataset')} locked", "bold")
