"""Checks of a registry file beyond types: names that must agree with each other, within a file and across files.

Listing datasets does not need them; `check` and the tests run them. What the layers above offer (readers, adapters,
forms of tasks) is handed in as `Parts`, since imports point downwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.dataset import DatasetSpec, KnownFault, ReaderSpec, SplitSpec
from taiyi_corpus.spec.faults import FAULTS
from taiyi_corpus.spec.record_map import RecordMap
from taiyi_corpus.spec.registry import Registry
from taiyi_corpus.spec.strict import read_tree, show_path
from taiyi_corpus.spec.words import dotted
from taiyi_corpus.spec.yamltree import Loc, Tree

# Which label set the instructions of a task are made from.
_LABELS_OF_TASK = {
    "ner": "entities",
    "re": "relations",
    "cre": "relations",
    "ee": "events",
    "tc": "classes",
    "tp_te": "classes",
    "qa_yesno": "classes",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What registry files may name of the layers above."""

    readers: Collection[str]
    options_of: Callable[[str], Collection[str]]  # reader -> its options
    adapters: Collection[str]
    forms: Mapping[str, Collection[str]]  # task -> its forms


class Finding(NamedTuple):
    """A fault at a place in the data; its line is looked up once there is one."""

    loc: Loc
    wanted: str
    found: str
    hint: str = ""


def validate_spec(
    spec: DatasetSpec, path: Path, parts: Parts | None = None, *, root: Path | None = None
) -> list[Fault]:
    """Return what is wrong within one registry file; without `parts`, names of upper layers stay unchecked."""
    findings = [
        *_language(spec, path.parent.name),
        *_tasks(spec),
        *_label_references(spec),
        *_splits(spec),
        *(_parts(spec, parts) if parts else ()),
    ]
    return _placed(findings, path, root)


def validate_registry(registry: Registry, parts: Parts | None = None) -> list[Fault]:
    """Return what is wrong in all files of a registry, within each and between them."""
    faults: list[Fault] = []
    between = _between(registry)
    for id_, spec in registry.items():
        path, root = registry.path(id_), registry.root(id_)
        faults += validate_spec(spec, path, parts, root=root)
        faults += _placed(between[id_], path, root)
    return faults


def _placed(findings: list[Finding], path: Path, root: Path | None) -> list[Fault]:
    if not findings:
        return []
    name = show_path(path, root)
    try:
        tree = read_tree(path, name)
    except InputError:  # gone or changed since it was read: the findings still hold
        tree = Tree()
    placed = sorted(((tree.line(found.loc), found) for found in findings), key=lambda pair: pair[0])
    return [Fault(f"{name}:{line}", *found[1:]) for line, found in placed]


def _unknown(loc: Loc, what: str, word: str, known: Collection[str]) -> Finding:
    return Finding(loc, f"{what} at {dotted(loc)}", repr(word), nearest(word, sorted(known)))


def _language(spec: DatasetSpec, folder: str) -> Iterator[Finding]:
    if folder in ("en", "zh") and spec.language not in (folder, "en-zh"):
        yield Finding(("language",), f"{folder} or en-zh, as the folder says", repr(spec.language))


def _tasks(spec: DatasetSpec) -> Iterator[Finding]:
    for index, task in enumerate(spec.tasks):
        needed = _LABELS_OF_TASK.get(task)
        if needed and not getattr(spec.labels, needed):
            yield Finding(("tasks", index), f"`labels.{needed}` for the task {task}", "none")
        if task in spec.tasks[:index]:
            yield Finding(("tasks", index), "each task once", f"{task!r} again")
    for decomposed in spec.decompose:
        if decomposed not in spec.tasks:
            loc = ("decompose", decomposed)
            yield _unknown(loc, "a task of this dataset", decomposed, spec.tasks)


def _label_references(spec: DatasetSpec) -> Iterator[Finding]:
    labels = spec.labels
    types = {*labels.entities, *labels.events, *labels.relations}
    for name, relation in labels.relations.items():
        for role, takes in relation.args.items():
            for index, type_ in enumerate(takes):
                if type_ not in types:
                    loc = ("labels", "relations", name, "args", role, index)
                    yield _unknown(loc, "a type that `labels` lists", type_, types)
    if labels.none is not None and labels.none not in labels.classes:
        yield _unknown(("labels", "none"), "one of `labels.classes`", labels.none, labels.classes)
    yield from _renames(spec, ("map",), spec.map)
    for name, variant in spec.variants.items():
        yield from _renames(spec, ("variants", name, "map"), variant.map)


def _renames(spec: DatasetSpec, loc: Loc, given: RecordMap) -> Iterator[Finding]:
    """Find new names that no label set lists; a dataset may leave a label set out altogether."""
    tables = (
        ("entities", "rename", given.entities and given.entities.rename, spec.labels.entities),
        ("relations", "rename", given.relations and given.relations.rename, spec.labels.relations),
        ("events", "rename", given.events and given.events.rename, spec.labels.events),
        ("labels", "names", given.labels and given.labels.names, spec.labels.classes),
    )
    for part, key, table, known in tables:
        for raw, name in (table or {}).items():
            if known and name not in known:
                what = f"one of `labels.{'classes' if part == 'labels' else part}`"
                yield _unknown((*loc, part, key, raw), what, name, known)


def _splits(spec: DatasetSpec) -> Iterator[Finding]:
    for kind in ("records", "entities", "relations", "events", "paper"):
        for split in getattr(spec.expect, kind):
            if split not in spec.splits:
                yield _unknown(
                    ("expect", kind, split), "a split of this dataset", split, spec.splits
                )
    yield from _known_faults((), spec.known_faults, spec.splits)
    for name, variant in spec.variants.items():
        yield from _known_faults(("variants", name), variant.known_faults, variant.splits)
    seen: dict[str, str] = {}
    for split, index, benchmark in _benchmarks(spec.splits):
        if benchmark in seen:
            fact = f"{benchmark!r}, as {seen[benchmark]} has"
            yield Finding(("splits", split, "benchmark", index), "a benchmark id of its own", fact)
        seen.setdefault(benchmark, split)


def _known_faults(
    loc: Loc, faults: list[KnownFault], splits: Mapping[Split, SplitSpec]
) -> Iterator[Finding]:
    for index, known in enumerate(faults):
        at = (*loc, "known_faults", index)
        if known.fault not in FAULTS:
            yield _unknown((*at, "fault"), "the code of a fault", known.fault, FAULTS)
        for split in known.count:
            if split not in splits:
                yield _unknown((*at, "count", split), "a split of this dataset", split, splits)
        if any(known.fault == other.fault for other in faults[:index]):
            yield Finding((*at, "fault"), "each fault once", f"{known.fault!r} again")


def _benchmarks(splits: Mapping[Split, SplitSpec]) -> Iterator[tuple[str, int, str]]:
    for split, stated in splits.items():
        for index, benchmark in enumerate(stated.benchmark):
            yield split, index, benchmark


def _parts(spec: DatasetSpec, parts: Parts) -> Iterator[Finding]:
    yield from _reader(("reader",), spec.reader, parts)
    for name, side in spec.side.items():
        yield from _reader(("side", name, "reader"), side.reader, parts)
        if (side.key is None) is not (side.to is None):
            yield Finding(("side", name), "`key` and `to`, or neither", "one of them")
    for name, variant in spec.variants.items():
        yield from _reader(("variants", name, "reader"), variant.reader, parts)
        if variant.adapter is not None and variant.adapter not in parts.adapters:
            loc = ("variants", name, "adapter")
            yield _unknown(loc, "the name of an adapter", variant.adapter, parts.adapters)
    if spec.adapter is not None and spec.adapter not in parts.adapters:
        yield _unknown(("adapter",), "the name of an adapter", spec.adapter, parts.adapters)
    for task, rates in spec.decompose.items():
        known = parts.forms.get(task, ())
        for form in rates:
            if form not in known:
                yield _unknown(("decompose", task, form), f"a form of {task}", form, known)


def _reader(loc: Loc, reader: ReaderSpec, parts: Parts) -> Iterator[Finding]:
    if reader.format not in parts.readers:
        yield _unknown((*loc, "format"), "the name of a reader", reader.format, parts.readers)
        return
    options = parts.options_of(reader.format)
    for option in reader.options:
        if option not in options:
            what = f"an option of the reader {reader.format}"
            yield _unknown((*loc, "options", option), what, option, options)


def _between(registry: Registry) -> dict[str, list[Finding]]:
    """Return by dataset what does not agree between files: shared sources, benchmark ids."""
    findings: dict[str, list[Finding]] = defaultdict(list)
    owner: dict[str, str] = {}
    for id_, spec in registry.items():
        for index, other in enumerate(spec.shares_source_with):
            loc: Loc = ("shares_source_with", index)
            if other == id_:
                findings[id_].append(Finding(loc, "the id of another dataset", repr(other)))
            elif other not in registry:
                findings[id_].append(_unknown(loc, "the id of a dataset", other, registry))
        for splits, at in (
            (spec.splits, ("splits",)),
            *((v.splits, ("variants", name, "splits")) for name, v in spec.variants.items()),
        ):
            for split, index, benchmark in _benchmarks(splits):
                if owner.setdefault(benchmark, id_) != id_:
                    fact = f"{benchmark!r}, which {owner[benchmark]} has"
                    loc = (*at, split, "benchmark", index)
                    findings[id_].append(Finding(loc, "a benchmark id of its own", fact))
    return findings
