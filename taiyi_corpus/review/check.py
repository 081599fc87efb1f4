"""Check a dataset: its YAML, its counts, its faults, and that every answer it gives parses back to the gold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pyarrow.parquet as pq

from taiyi_corpus.adapters import adapters
from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.instruct.around import around
from taiyi_corpus.instruct.ask import Refused, Setting
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.render import parse_back, render
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.normalise.store import StoredDataset
from taiyi_corpus.readers import READERS, options_of
from taiyi_corpus.review.apart import not_apart
from taiyi_corpus.review.draft import FILL
from taiyi_corpus.review.expected import of, read_expected, write_expected
from taiyi_corpus.review.open import find, records, stored
from taiyi_corpus.review.roles import unlisted_roles
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.sources.locate import Located, form
from taiyi_corpus.spec.checks import Parts, validate_spec
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Group, Recipe
from taiyi_corpus.spec.registry import Registry

# Every task in every form, for the round trip.
ALL_FORMS = Recipe(
    name="check",
    about="every form of every task",
    stage=1,
    groups=[Group(name="all")],
    expand={
        "ner": {"all_types": 1.0, "subset": 1.0, "one_type": 1.0},
        "nen": {"mentions": 1.0, "candidates": 1.0},
        "re": {"all_relations": 1.0, "subset": 1.0, "one_relation": 1.0},
        "cre": {"all_relations": 1.0, "subset": 1.0, "one_relation": 1.0},
        "ee": {"all_events": 1.0, "subset": 1.0, "one_event": 1.0},
    },
)
_MEANT = ("type_skipped", "ref_left_out")  # reasons that the mapping itself asks for
_ROUND_TRIPS = 300  # records a split; a sample has fewer


@dataclass
class Checked:
    """What a check found."""

    id: str
    state: Literal["ready", "partial", "absent"]
    origin: str
    complete: bool = False
    records: dict[Split, int] = field(default_factory=dict)
    expected: dict[Split, int] = field(default_factory=dict)
    found_faults: dict[Split, dict[str, int]] = field(default_factory=dict)
    instances: Counter[str] = field(default_factory=Counter)  # task -> answers that parsed back
    refused: Counter[str] = field(default_factory=Counter)  # "task: reason" -> candidates
    drops: list[str] = field(default_factory=list)  # the first bad rows and records, in words
    faults: list[Fault] = field(default_factory=list)  # what makes the check fail

    @property
    def ok(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.faults


def parts() -> Parts:
    """Return the names a registry file may use: readers and their options, adapters, forms of tasks."""
    return Parts(READERS, options_of, adapters(), FORMS)


def check(
    registry: Registry, id_: str, data: Path, *, samples: bool = False, accept: bool = False
) -> Checked:
    """Check one dataset; `accept` writes what its sample gives into expected.yaml."""
    spec = registry[id_]
    located, origin = find(registry, id_, data, samples=samples)
    result = Checked(
        id_, located.state, origin, faults=validate_spec(spec, registry.path(id_), parts())
    )
    if located.state == "absent" or result.faults:
        return result
    try:
        _, dataset = stored(registry, id_, data, samples=samples)
    except InputError as error:
        result.faults += error.faults
        return result
    result.complete = samples or _complete(spec, dataset)
    result.records = {split: tally.records for split, tally in dataset.tallies.items()}
    result.expected = spec.expect.records
    result.found_faults = {
        split: tally.faults for split, tally in dataset.tallies.items() if tally.faults
    }
    result.drops = _first_drops(dataset)
    if samples:
        _compare_sample(result, registry, located, dataset, accept=accept)
    else:
        _compare_counts(result)
        _compare_faults(result, located)
    if result.complete:
        result.faults += not_apart(located, dataset, registry.path(id_))
    if unlisted := unlisted_roles(spec, records(dataset)):
        result.faults += unlisted  # no answer with such a role can be written
        return result
    _round_trips(result, spec, dataset)
    result.faults += _blanks(registry.path(id_))
    return result


def _blanks(path: Path) -> list[Fault]:
    """Return what a drafted file still leaves to its author."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    hint = "Write what only you know, and delete the mark."
    return [
        Fault(f"{path}:{number}", f"a value of {line.split(':')[0].strip()!r}", FILL, hint)
        for number, line in lines
        if FILL in line.partition("#")[0]
    ]


def _complete(spec: DatasetSpec, dataset: StoredDataset) -> bool:
    """Return whether every source file has a stated hash, and that hash."""
    stated = {file.path: file.sha256 for file in spec.source.files}
    return bool(stated) and all(
        sha and dataset.sources.get(path) == sha for path, sha in stated.items()
    )


def _compare_counts(result: Checked) -> None:
    if not result.complete:
        return
    for split, wanted in result.expected.items():
        if (found := result.records.get(split, 0)) != wanted:
            result.faults.append(Fault(f"{result.id}/{split}", f"{wanted:,} records", f"{found:,}"))


def _compare_faults(result: Checked, located: Located) -> None:
    known = {fault.fault: fault.count for fault in form(located).known_faults}
    for split in result.records:
        faults = result.found_faults.get(split, {})
        for code in sorted({*known, *faults}):
            wanted, found = known.get(code, {}).get(split, 0), faults.get(code, 0)
            if found > wanted or (result.complete and found != wanted):
                most = " at most" if wanted and not result.complete else ""
                amount = f"{wanted:,} x {code}{most}" if wanted else f"no {code}"
                first = next(
                    (
                        f"First: {text}"
                        for text in result.drops
                        if text.startswith(f"{result.id}/{split}/") and f": {code}: " in text
                    ),
                    "",
                )
                result.faults.append(Fault(f"{result.id}/{split}", amount, f"{found:,}", first))


def _compare_sample(
    result: Checked, registry: Registry, located: Located, dataset: StoredDataset, *, accept: bool
) -> None:
    folder = registry.sample_dir(result.id)
    known = {fault.fault for fault in form(located).known_faults}
    for split, faults in result.found_faults.items():
        for code in sorted(set(faults) - known):
            hint = "Repair the sample, or declare the fault of the release under known_faults."
            result.faults.append(Fault(f"{result.id}/{split}", "declared faults only", code, hint))
    found = list(records(dataset))
    if folder is None or not found:
        result.faults.append(Fault(f"{result.id}/samples", "records", "none"))
        return
    given = of(found, result.records, result.found_faults)
    if accept:
        write_expected(folder, given)
    wanted = read_expected(folder)
    if wanted is None:
        result.faults.append(
            Fault(f"{folder.name}/expected.yaml", "the file", "none", "Write it with --accept.")
        )
        return
    for part in ("records", "faults", "first", "last"):
        if (want := getattr(wanted, part)) != (got := getattr(given, part)):
            result.faults.append(
                Fault(f"{folder.name}/expected.yaml: {part}", repr(want), repr(got))
            )


def _first_drops(dataset: StoredDataset, limit: int = 5) -> list[str]:
    """Return the first drops of each split and reason, in words."""
    seen: Counter[tuple[str, str]] = Counter()
    lines = []
    for batch in pq.ParquetFile(dataset.drops).iter_batches():
        for drop in batch.to_pylist():
            kind = drop["split"], drop["reason"]
            seen[kind] += 1
            if seen[kind] <= limit and drop["reason"] not in _MEANT:
                lines.append(f"{drop['id']}: {drop['reason']}: {drop['detail']}")
    return lines


def _round_trips(result: Checked, spec: DatasetSpec, dataset: StoredDataset) -> None:
    seen: Counter[Split] = Counter()
    asked = []
    for record in records(dataset):
        seen[record.split] += 1
        if seen[record.split] <= _ROUND_TRIPS:
            asked.append(record)
    setting = Setting(spec, ALL_FORMS)
    setting = Setting(spec, ALL_FORMS, around(asked, setting, spec.tasks))
    for record in asked:
        for task in spec.tasks:
            _round_trip(result, record, task, setting)


def _round_trip(result: Checked, record: Record, task: str, setting: Setting) -> None:
    for candidate in TASK_MODULES[task].candidates(record, task, setting):
        try:
            instance = render(record, candidate, setting)
        except Refused as why:
            result.refused[f"{task}: {why.reason}"] += 1
            continue
        if parse_back(instance):
            result.instances[task] += 1
        else:
            result.faults.append(
                Fault(
                    instance.id,
                    f"an answer that parses back to {instance.gold!r}",
                    repr(instance.answer),
                )
            )
