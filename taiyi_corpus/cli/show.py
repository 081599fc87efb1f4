"""`show`: everything the registry says of one dataset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.options import Data, DatasetId, RegistryDirs, registry_of
from taiyi_corpus.cli.voice import say

if TYPE_CHECKING:
    from taiyi_corpus.review.status import Status
    from taiyi_corpus.spec.dataset import DatasetSpec, LabelName
    from taiyi_corpus.spec.registry import Registry

_MAY = {True: "yes", False: "no", "unknown": "unknown"}
Lines = Iterator[tuple[str, str]]


def show(
    id_: DatasetId,
    sample: Annotated[
        bool, typer.Option("--sample/--no-sample", help="Show the first record as well.")
    ] = True,
    data: Data = None,
    registry: RegistryDirs = None,
) -> None:
    """Show one dataset: what it is, its terms, where to get it, what is there of it, a record.

    \b
    Example:
      taiyi-corpus show bc5cdr
    """
    from taiyi_corpus.review.status import status

    known = registry_of(registry, [id_])
    spec = known[id_]
    folder = paths.existing_data_dir(data)
    found = status(known, id_, folder)
    say(f"{spec.name} ({id_})", "bold")
    say(spec.about.strip())
    for title, lines in (
        ("", _about(spec)),
        ("data", _data(spec, found)),
        ("labels", _labels(spec)),
        ("counts and faults", _counts(spec)),
    ):
        _print(title, lines)
    _print("", [("registry file", str(known.path(id_)))])
    if sample and found.state != "broken":
        _first_record(known, id_, folder)


def _print(title: str, lines: Iterable[tuple[str, str]]) -> None:
    lines = list(lines)
    if lines:
        say()
        if title:
            say(title, "bold")
    for name, text in lines:
        first, *rest = text.strip().splitlines() or [""]
        say(f"  {name:<14} {first}".rstrip())
        for line in rest:
            say(f"  {'':<14} {line}".rstrip())


def _about(spec: DatasetSpec) -> Lines:
    yield "language", spec.language
    yield "tasks", " ".join(spec.tasks)
    if spec.tags:
        yield "tags", " ".join(spec.tags)
    yield "homepage", spec.homepage
    yield "licence", f"{spec.license.name} (says {spec.license.says})"
    yield "passed on", _MAY[spec.license.redistributable]
    yield "commercial", _MAY[spec.license.commercial]
    if spec.license.note:
        yield "terms", spec.license.note
    yield "access", spec.access
    yield "cite", spec.citation.text
    for name in ("doi", "acl", "arxiv"):
        if value := getattr(spec.citation, name):
            yield name, value
    if spec.shares_source_with:
        yield "shares texts", " ".join(spec.shares_source_with)
    if spec.taiyi:
        yield "in Taiyi as", "\n".join(f"{t.task}: {t.category}, {t.dataset}" for t in spec.taiyi)
    if spec.notes:
        yield "notes", spec.notes


def _data(spec: DatasetSpec, found: Status) -> Lines:
    for file in spec.source.files:
        yield "get", f"{file.url} -> {found.folder / file.path}"
    if hub := spec.source.hub:
        pinned = f" at {hub.revision}" if hub.revision else ""
        yield "get", f"Hub dataset {hub.repo}{pinned}: {', '.join(hub.files) or 'all files'}"
    if spec.source.manual:
        yield "by hand", spec.source.manual
    form = f" ({found.variant} form)" if found.variant else ""
    yield "state", f"{found.state}{form}, looked for in {found.folder}"
    if found.missing:
        yield "missing", "\n".join(found.missing)
    for fault in found.faults:
        yield "broken", str(fault)
    yield "format", spec.reader.format + (f", adapter {spec.adapter}" if spec.adapter else "")
    for split_name, split in spec.splits.items():
        files = ", ".join(pattern for source in split.sources for pattern in source.files)
        marks = [f"benchmark {', '.join(split.benchmark)}"] if split.benchmark else []
        marks += ["no gold"] * (not split.gold) + ["optional"] * split.optional
        yield split_name, files + (f" ({'; '.join(marks)})" if marks else "")
    for name, variant in spec.variants.items():
        yield "other form", f"{name}: {variant.note}"


def _labels(spec: DatasetSpec) -> Lines:
    kinds: tuple[tuple[str, Mapping[str, LabelName]], ...] = (
        ("entities", spec.labels.entities),
        ("relations", spec.labels.relations),
        ("events", spec.labels.events),
        ("roles", spec.labels.roles),
        ("classes", spec.labels.classes),
        ("attributes", spec.labels.attributes),
    )
    for kind, labels in kinds:
        if labels:
            yield kind, "\n".join(_label(code, label) for code, label in labels.items())


def _label(code: str, label: LabelName) -> str:
    text = f"{code}: {label.en} / {label.zh}"
    if args := getattr(label, "args", None):
        sides = [
            role + (f": {' or '.join(types)}" if types else "") for role, types in args.items()
        ]
        text += f" ({', '.join(sides)})"
    if roles := getattr(label, "roles", None):
        text += f" ({', '.join(roles)})"
    return text if label.ask else f"{text} (never asked for)"


def _counts(spec: DatasetSpec) -> Lines:
    for what in ("records", "entities", "relations", "events", "paper"):
        if counts := getattr(spec.expect, what):
            yield what, ", ".join(f"{split} {n:,}" for split, n in counts.items())
    if spec.expect.note:
        yield "", spec.expect.note
    for fault in spec.known_faults:
        counts = ", ".join(f"{split} {n:,}" for split, n in fault.count.items())
        yield fault.fault, f"{counts} ({fault.resolve}): {fault.note}"


def _first_record(known: Registry, id_: str, folder: Path) -> None:
    from taiyi_corpus.cli.preview import as_yaml
    from taiyi_corpus.errors import MissingDataError
    from taiyi_corpus.review.open import find_either
    from taiyi_corpus.review.preview import preview

    try:
        rows = preview(*find_either(known, id_, folder))
        record = next((shown.record for shown in rows if shown.record is not None), None)
    except MissingDataError:
        return  # there is nothing to show, and `state` says so
    if record is not None:
        origin = "invented sample" if record.origin == "sample" else "raw data"
        say()
        say(f"first record ({origin})", "bold")
        say(as_yaml(record))
