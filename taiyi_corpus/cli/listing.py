"""`list` and `status`: which datasets there are, and what raw data of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.downloads import bytes_shown
from taiyi_corpus.cli.options import (
    Data,
    Language,
    RegistryDirs,
    Task,
    check_kind,
    of_kind,
    one_of,
    registry_of,
)
from taiyi_corpus.cli.voice import narrow, note, plural, say_faults, table

if TYPE_CHECKING:
    from taiyi_corpus.spec.dataset import DatasetSpec

_ACCESS = ("open", "registration", "dua", "dead-link")


def list_(
    language: Language = None,
    task: Task = None,
    access: Annotated[
        str | None,
        typer.Option("--access", metavar="HOW", help="Only open, registration, dua or dead-link."),
    ] = None,
    have: Annotated[
        bool, typer.Option("--have", help="Only those whose raw data is there, whole or in part.")
    ] = False,
    data: Data = None,
    registry: RegistryDirs = None,
) -> None:
    """List the datasets.

    \b
    Example:
      taiyi-corpus list --language zh --task ner
    """
    from taiyi_corpus.review.status import status as state_of

    check_kind(language, task)
    one_of("--access", access, _ACCESS)
    known = registry_of(registry)
    ids = [id_ for id_ in of_kind(known, language, task) if access in (None, known[id_].access)]
    folder = paths.existing_data_dir(data)
    states = {id_: state_of(known, id_, folder).state for id_ in ids}
    shown = [id_ for id_ in ids if not have or states[id_] != "absent"]
    columns: dict[str, Callable[[DatasetSpec], str]] = {
        "id": lambda spec: spec.id,
        "name": lambda spec: spec.name,
        "lang": lambda spec: spec.language,
        "tasks": lambda spec: " ".join(spec.tasks),
        "access": lambda spec: spec.access,
        "licence": lambda spec: spec.license.name,
        "state": lambda spec: states[spec.id],
    }
    if narrow():  # names repeat the ids, with capitals
        del columns["name"]
    table(
        list(columns),
        ([column(known[id_]) for column in columns.values()] for id_ in shown),
        whole=("id", "lang", "access", "state"),
    )
    note(f"{plural(len(shown), 'dataset')} of {len(known)}")


def status(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Ids of datasets; else all.", show_default=False),
    ] = None,
    language: Language = None,
    task: Task = None,
    data: Data = None,
    registry: RegistryDirs = None,
) -> None:
    """Say of each dataset whether its raw data is ready, partial or absent, and how the rest is got.

    "fetchable" is what `fetch` can download, "manual" what must be got by hand: `fetch ID` says how.

    \b
    Example:
      taiyi-corpus status --data ~/raw --language zh
    """
    from taiyi_corpus.review.status import status as state_of

    check_kind(language, task)
    folder = paths.existing_data_dir(data)
    known = registry_of(registry, ids)
    found = [state_of(known, id_, folder) for id_ in of_kind(known, language, task)]
    table(
        ("id", "state", "get", "size", "folder", "missing"),
        (
            (
                s.id,
                s.state,
                "" if s.way == "ready" else s.way,
                bytes_shown(s.size) if s.size else "",
                str(s.folder),
                "" if s.state == "absent" else "; ".join(s.missing),
            )
            for s in found
        ),
        right=("size",),
        whole=("id", "state", "get"),
    )
    counts = [f"{n} {state}" for state in ("ready", "partial", "absent", "broken")
              if (n := sum(s.state == state for s in found))]  # fmt: skip
    ways = [
        f"{n} {way}" for way in ("fetchable", "manual") if (n := sum(s.way == way for s in found))
    ]
    note(", ".join([*counts, *ways, bytes_shown(sum(s.size for s in found))]))
    if faults := [fault for s in found for fault in s.faults]:
        say_faults(faults)
        raise typer.Exit(1)
