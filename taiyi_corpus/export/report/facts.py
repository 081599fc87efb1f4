"""What the report shows, counted from a finished build: its manifest, and a few columns of its shards."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.instruct import answers

_SAMPLES = 4  # rows shown of each dataset and task
_LONGEST = 4_000  # characters of a message that are shown
_TOP = 12  # labels told apart in a bar
_COUNTED = ("labels", "label", "mentions")
_TEMPLATE = re.compile(r"(?P<form>.+)\.(?P<number>\d+)$")


@dataclass(slots=True)
class Facts:
    """Counts and samples of a build."""

    parts: list[tuple[str, str, str, int]]  # language, task, dataset, rows
    funnel: dict[str, int]  # stage -> how much is left
    reasons: pd.DataFrame
    labels: dict[str, Counter[str]] = field(default_factory=dict)  # "dataset task" -> label -> rows
    templates: dict[str, Counter[int]] = field(default_factory=dict)  # form -> number -> rows
    abbreviations: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  # (short, long) -> rows
    samples: list[dict[str, Any]] = field(default_factory=list)


def facts_of(build: Path, made: Manifest) -> Facts:
    """Return what the report shows of a finished build."""
    parts = [(f.language, f.task, f.dataset, f.chosen) for f in made.counts if f.chosen]
    facts = Facts(sorted(parts), _funnel(made), _reasons(made))
    taken: Counter[tuple[str, str]] = Counter()
    for shard in made.shards:
        path = build / shard.path
        table = pq.read_table(path, columns=["dataset", "task", "template", "gold"])
        _count_templates(table, facts)
        _count_labels(table, facts)
        _count_abbreviations(table, facts)
        _sample(path, table, taken, facts)
    # One of each dataset and task before the second of any.
    facts.samples.sort(key=lambda row: (row.pop("turn"), row["dataset"], row["task"], row["id"]))
    return facts


def _funnel(made: Manifest) -> dict[str, int]:
    shared = {f.dataset: f for f in made.counts}  # what the tasks of a dataset have in common
    return {
        "rows read": sum(f.rows for f in shared.values()),
        "records": sum(f.records for f in shared.values()),
        "records kept": sum(f.kept for f in shared.values()),
        "instances that can be asked": sum(f.instances for f in made.counts),
        "rows of the mix": sum(f.chosen for f in made.counts),
    }


def _reasons(made: Manifest) -> pd.DataFrame:
    counts: Counter[tuple[str, str]] = Counter()
    seen: set[str] = set()
    for funnel in made.counts:
        for why, number in funnel.dropped.items():
            stage, reason = why.split(".", 1)
            # Only what instruct refuses is a task's own; the rest is the dataset's, said once a task.
            if stage == "instruct" or funnel.dataset not in seen:
                counts[stage, reason] += number
        seen.add(funnel.dataset)
    lines = [(stage, reason.replace("_", " "), n) for (stage, reason), n in counts.items()]
    frame = pd.DataFrame(lines, columns=["stage", "reason", "left out"])
    return frame.sort_values(["left out", "stage", "reason"], ascending=[False, True, True])


def _count_templates(table: pa.Table, facts: Facts) -> None:
    for one in pc.value_counts(table.column("template")).to_pylist():
        if found := _TEMPLATE.match(one["values"] or ""):
            uses = facts.templates.setdefault(found["form"], Counter())
            uses[int(found["number"])] += one["counts"]


def _count_labels(table: pa.Table, facts: Facts) -> None:
    counted = [
        task for task, kind in answers.KINDS.items() if kind in _COUNTED and task != "qa_choice"
    ]
    chosen = table.filter(pc.is_in(table.column("task"), pa.array(counted)))
    if not chosen.num_rows:
        return
    # The same gold again and again is counted before it is read.
    grouped = chosen.group_by(["dataset", "task", "gold"]).aggregate([("gold", "count")])
    for one in grouped.to_pylist():
        own = facts.labels.setdefault(f"{one['dataset']} {one['task']}", Counter())
        for label in _labels(json.loads(one["gold"]), answers.KINDS[one["task"]]):
            own[label] += one["gold_count"]


def _count_abbreviations(table: pa.Table, facts: Facts) -> None:
    chosen = table.filter(pc.equal(table.column("task"), "abbreviation"))
    for gold in chosen.column("gold").to_pylist():
        facts.abbreviations.update((short, long) for short, long in json.loads(gold))


def _labels(gold: Any, kind: str) -> list[str]:
    if kind == "mentions":
        return [type_ for type_, _ in gold] or ["(nothing found)"]
    return [str(gold)] if kind == "label" else [str(label) for label in gold] or ["(none)"]


def _sample(path: Path, table: pa.Table, taken: Counter[tuple[str, str]], facts: Facts) -> None:
    """Take the first rows of each dataset and task; a build is shuffled, so they are as good as any."""
    wanted: dict[int, int] = {}  # row -> how many of its dataset and task came before it
    pairs = zip(table.column("dataset").to_pylist(), table.column("task").to_pylist(), strict=True)
    for number, key in enumerate(pairs):
        if taken[key] < _SAMPLES:
            wanted[number] = taken[key]
            taken[key] += 1
    columns = [
        "id",
        "messages",
        "dataset",
        "task",
        "language",
        "template",
        "style",
        "gold",
        "license",
    ]
    turns = iter(wanted.values())
    for batch in _rows_at(path, list(wanted), columns):
        for row in batch:
            row["turn"] = next(turns)
            row["marks"] = _marks(json.loads(row.pop("gold")), answers.KINDS[row["task"]])
            for message in row["messages"]:
                text = message["content"]
                if len(text) > _LONGEST:
                    message["content"] = f"{text[:_LONGEST]} … ({len(text):,} characters)"
            facts.samples.append(row)


def _marks(gold: Any, kind: str) -> list[tuple[str, str]]:
    """Return what of an answer stands in the text, each with what it is: for show."""
    if kind == "mentions":
        return [(type_, mention) for type_, mention in gold]
    if kind == "links":
        return [("mention", mention) for mention, _ in gold]
    if kind == "clusters":
        return [(f"group {n}", mention) for n, group in enumerate(gold, 1) for mention in group]
    if kind in ("tuples", "events"):
        parts = [(role, text) for one in gold for role, text in one["args"]]
        triggers = [(one["type"], one["trigger"]) for one in gold if one.get("trigger")]
        return list(dict.fromkeys(triggers + parts))
    return []


def _rows_at(path: Path, rows: list[int], columns: list[str]) -> list[list[dict[str, Any]]]:
    if not rows:
        return []
    made, start = [], 0
    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            size = file.metadata.row_group(number).num_rows
            inside = [row - start for row in rows if start <= row < start + size]
            if inside:
                made.append(file.read_row_group(number, columns=columns).take(inside).to_pylist())
            start += size
    return made


def top(labels: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the most frequent labels with their counts, the rest together."""
    ranked = sorted(labels.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(count for _, count in ranked[_TOP:])
    return ranked[:_TOP] + ([(f"{len(ranked) - _TOP} more", rest)] if rest else [])
