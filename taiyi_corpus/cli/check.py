"""`check`: read datasets and compare with what their registry files say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.options import Data, RegistryDirs, Samples, registry_of
from taiyi_corpus.cli.progress import Bars
from taiyi_corpus.cli.voice import note, plural, say, say_faults, shortened, table

if TYPE_CHECKING:
    from taiyi_corpus.review.check import Checked
    from taiyi_corpus.spec.registry import Registry

_DROPS = 10  # bad rows and records shown of each dataset


def check(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Ids of datasets; else all.", show_default=False),
    ] = None,
    samples: Samples = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept", help="Write what the samples give into their expected.yaml.", hidden=True
        ),
    ] = False,
    data: Data = None,
    registry: RegistryDirs = None,
) -> None:
    """Check datasets: registry file, counts, known faults, and that every rendered answer reads back.

    Counts are held against the published ones where the sources are known to be complete, and shown as partial
    where they are not. Without raw data of any dataset the bundled samples are checked.

    \b
    Example:
      taiyi-corpus check bc5cdr
    """
    from taiyi_corpus.review.check import check as checked

    known = registry_of(registry, ids)
    folder = paths.existing_data_dir(data)
    samples = samples or accept or _only_samples(known, ids, folder)
    results: list[Checked] = []
    with Bars() as bars:
        for number, id_ in enumerate(known):
            bars("check", number, len(known))
            results.append(checked(known, id_, folder, samples=samples, accept=accept))
        bars("check", len(known), len(known))
    _report(results)
    failed = [result for result in results if not result.ok]
    absent = sum(result.state == "absent" for result in results)
    note(f"{plural(len(results), 'dataset')} checked, {absent} absent, {len(failed)} with faults")
    if failed:
        say_faults([fault for result in failed for fault in result.faults])
        raise typer.Exit(1)


def _only_samples(known: Registry, ids: Sequence[str] | None, folder: Path) -> bool:
    """Return whether there is no raw data; a dataset asked for by name must then be there all the same."""
    from taiyi_corpus.errors import MissingDataError
    from taiyi_corpus.pipeline.gather import missing
    from taiyi_corpus.review.open import find
    from taiyi_corpus.review.status import status

    states = {id_: status(known, id_, folder).state for id_ in known}
    if ids and (lost := [id_ for id_, state in states.items() if state == "absent"]):
        raise MissingDataError(missing(known, *find(known, id_, folder)) for id_ in lost)
    if ids or any(state != "absent" for state in states.values()):
        return False
    note(f"no raw data in {folder}: checking the bundled samples", "yellow")
    return True


def _report(results: Sequence[Checked]) -> None:
    table(
        ("id", "data", "records", "faults", "answers read back", "result"),
        (
            (
                r.id,
                "sample" if r.origin == "sample" and r.state != "absent" else r.state,
                _records(r),
                _faults(r),
                f"{sum(r.instances.values()):,}",
                "-"
                if r.state == "absent" and r.ok
                else "ok"
                if r.ok
                else f"{len(r.faults)} faults",
            )
            for r in results
        ),
        right=("answers read back",),
        whole=("id",),
    )
    for result in results:
        if result.drops and (not result.ok or len(results) == 1):
            say()
            say(f"{result.id}: first bad rows and records", "bold")
            for line in result.drops[:_DROPS]:
                say(f"  {shortened(line, 300)}")
        if result.refused and len(results) == 1:
            say()
            say(f"{result.id}: not asked", "bold")
            for reason, count in sorted(result.refused.items()):
                say(f"  {reason}: {count:,}")


def _records(result: Checked) -> str:
    """Return counts beside the published ones: "train 500/500" or, of partial sources, "train 20/500 partial"."""
    if result.origin == "sample":
        return ", ".join(f"{split} {count:,}" for split, count in result.records.items())
    parts = []
    for split, count in result.records.items():
        wanted = result.expected.get(split)
        part = f"{split} {count:,}" if wanted is None else f"{split} {count:,}/{wanted:,}"
        parts.append(part if result.complete or count == wanted else f"{part} partial")
    return ", ".join(parts)


def _faults(result: Checked) -> str:
    total: dict[str, int] = {}
    for faults in result.found_faults.values():
        for code, count in faults.items():
            total[code] = total.get(code, 0) + count
    return ", ".join(f"{code} {count:,}" for code, count in sorted(total.items()))
