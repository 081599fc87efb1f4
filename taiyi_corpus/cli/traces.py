"""`traces`: reasoning traces for the questions of a dataset, by an analyst and a reviewer."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.options import Data, RegistryDirs, Samples, one_of, registry_of
from taiyi_corpus.cli.voice import note, say, table
from taiyi_corpus.errors import Fault, InputError

if TYPE_CHECKING:
    from rich.progress import Progress

    from taiyi_corpus.spec.registry import Registry
    from taiyi_corpus.traces.make import Made
    from taiyi_corpus.traces.rows import Policy, Read

_MOST = 20  # rejected records shown
_EVERY = 10.0  # seconds between lines where there is no terminal


def traces(
    id_: Annotated[
        str, typer.Argument(metavar="DATASET", help="Id of a dataset.", show_default=False)
    ],
    endpoint: Annotated[
        str,
        typer.Option(
            "--endpoint", metavar="URL", help="Base URL of an OpenAI-compatible endpoint, with /v1."
        ),
    ],
    analyst: Annotated[str, typer.Option("--analyst", metavar="MODEL", help="Who writes.")],
    reviewer: Annotated[str, typer.Option("--reviewer", metavar="MODEL", help="Who judges.")],
    reviewer_endpoint: Annotated[
        str | None, typer.Option("--reviewer-endpoint", metavar="URL", help="If it is another.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where to write; else out/traces/<id>."),
    ] = None,
    task: Annotated[
        str | None,
        typer.Option("--task", metavar="TASK", help="Else re, or the first that has traces."),
    ] = None,
    split: Annotated[
        list[str] | None, typer.Option("--split", metavar="SPLIT", help="Else train; repeatable.")
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(
            "--records", metavar="FILE", help="Records of your own in the schema, as JSON."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first N records.")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, help="Calls at a time.")
    ] = 4,
    attempts: Annotated[
        int, typer.Option("--attempts", metavar="N", min=1, help="Attempts a row.")
    ] = 3,
    threshold: Annotated[
        int,
        typer.Option(
            "--threshold", metavar="N", min=0, max=5, help="Least score of each criterion."
        ),
    ] = 4,
    temperature: Annotated[
        float, typer.Option("--temperature", metavar="T", min=0.0, help="Of the analyst.")
    ] = 0.7,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", min=1.0, help="Seconds a call may take.")
    ] = 120.0,
    max_calls: Annotated[
        int | None, typer.Option("--max-calls", metavar="N", min=0, help="Stop there.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", metavar="N", min=0, help="Stop there.")
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", metavar="X", min=0.0, help="Stop there.")
    ] = None,
    price_in: Annotated[
        float, typer.Option("--price-in", metavar="X", help="Of a million tokens read.")
    ] = 0.0,
    price_out: Annotated[
        float, typer.Option("--price-out", metavar="X", help="Of a million written.")
    ] = 0.0,
    map_type: Annotated[
        list[str] | None,
        typer.Option("--map-type", metavar="A=B", help="Relation type A is B; repeatable."),
    ] = None,
    few: Annotated[
        str,
        typer.Option(
            "--few", metavar="POLICY", help="Relations of fewer than two: reject or keep."
        ),
    ] = "reject",
    keep_failed: Annotated[
        bool,
        typer.Option(
            "--keep-failed", help="Export rows without a trace too, so that the label mix holds."
        ),
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Only replay what was said before.")
    ] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Throw away what an earlier run left.")
    ] = False,
    samples: Samples = False,
    data: Data = None,
    registry: RegistryDirs = None,
) -> None:
    """Write reasoning traces: an analyst writes, code checks, a reviewer judges, and again with what they said.

    Keys come from the environment only: TAIYI_CORPUS_ANALYST_KEY and TAIYI_CORPUS_REVIEWER_KEY, else OPENAI_API_KEY.
    What was said is kept as it comes; the same command goes on where it stopped. Exit code 1: records were rejected.

    \b
    Example:
      taiyi-corpus traces drugcomb --endpoint http://localhost:8000/v1 --analyst big --reviewer bigger
    """
    from taiyi_corpus.traces.budget import Limits
    from taiyi_corpus.traces.endpoint import Model
    from taiyi_corpus.traces.make import make
    from taiyi_corpus.traces.run import Bounds

    one_of("--few", few, ("reject", "keep"))
    known = registry_of(registry, [id_])
    chosen = _task(known, id_, task)
    splits = sorted(set(split or ["train"]))
    policy = _policy(map_type or [], few)
    read = _read(known, id_, chosen, splits, policy, records, limit, data, samples=samples)
    with _Bar() as bar:
        made = make(
            read,
            out or Path("out") / "traces" / id_,
            {
                "analyst": Model(endpoint.rstrip("/"), analyst, temperature),
                "reviewer": Model((reviewer_endpoint or endpoint).rstrip("/"), reviewer),
            },
            {role: _key(role) for role in ("analyst", "reviewer")},
            Bounds(
                attempts=attempts, threshold=threshold, workers=workers, offline=offline,
                limits=Limits(max_calls, max_tokens, max_cost, price_in, price_out),
            ),
            about={"dataset": id_, "task": chosen, "splits": splits},
            anew=anew, keep_failed=keep_failed, timeout=timeout, progress=bar,
        )  # fmt: skip
    _report(made, read)
    if any(left.status == "rejected" for left in read.left):
        raise typer.Exit(1)


def _key(role: str) -> str:
    return os.environ.get(f"TAIYI_CORPUS_{role.upper()}_KEY") or os.environ.get(
        "OPENAI_API_KEY", ""
    )


def _task(known: Registry, id_: str, task: str | None) -> str:
    from taiyi_corpus.traces.prompts import TASKS

    able = [name for name in known[id_].tasks if name in TASKS]
    if task is None and able:
        return "re" if "re" in able else able[0]
    if task is None or task not in able:
        wanted = f"a task of {id_} that traces are written for"
        raise InputError(
            Fault("--task", wanted, repr(task), f"Known: {', '.join(able) or 'none'}.")
        )
    return task


def _policy(pairs: list[str], few: str) -> Policy:
    from taiyi_corpus.traces.rows import Policy

    split = [pair.partition("=") for pair in pairs]
    if faults := [
        Fault("--map-type", "A=B", repr("".join(p))) for p in split if not (p[0] and p[1] and p[2])
    ]:
        raise InputError(faults)
    return Policy({before: after for before, _, after in split}, few == "keep")


def _read(known: Registry, id_: str, task: str, splits: list[str], policy: Policy, records: Path | None,
          limit: int | None, data: Path | None, *, samples: bool) -> Read:  # fmt: skip
    import itertools

    from taiyi_corpus.instruct.ask import Setting
    from taiyi_corpus.review.open import records as stored_records
    from taiyi_corpus.review.open import stored
    from taiyi_corpus.spec.recipe import Group, Recipe
    from taiyi_corpus.traces.records import read_records
    from taiyi_corpus.traces.rows import read

    recipe = Recipe(name="traces", about="Traces.", stage=2, groups=[Group(name="all")])
    setting = Setting(known[id_], recipe)
    if records is not None:
        given, left = read_records(records)
        found = read(given[:limit], setting, task, policy)
        found.left[:0] = left
        return found
    located, dataset = stored(known, id_, paths.existing_data_dir(data), samples=samples)
    if unknown := [split for split in splits if split not in located.splits]:
        wanted = f"a split of {id_}"
        raise InputError(
            Fault("--split", wanted, repr(unknown[0]), f"Known: {', '.join(located.splits)}.")
        )
    of_splits = (record for record in stored_records(dataset) if record.split in splits)
    return read(itertools.islice(of_splits, limit), setting, task, policy)


class _Bar:
    """Shows how many rows are done and the share accepted so far: a bar on a terminal, lines elsewhere."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._said = time.monotonic()

    def __enter__(self) -> _Bar:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
            )

            shown = TextColumn("rows, {task.fields[rate]} accepted")
            self._bar = Progress(
                TextColumn("traces"), BarColumn(), MofNCompleteColumn(), shown, TimeElapsedColumn(),
                console=Console(stderr=True),
            )  # fmt: skip
            self._bar.add_task("traces", total=None, rate="-")
            self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, of: int, accepted: int) -> None:
        rate = f"{100 * accepted / done:.1f} %" if done else "-"
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, total=of, rate=rate)
        elif done and (done == of or time.monotonic() - self._said >= _EVERY):
            self._said = time.monotonic()
            note(f"traces: {done:,} of {of:,} rows, accepted so far: {rate}")


def _report(made: Made, read: Read) -> None:
    report = made.report
    if made.torn:
        note("the last line of an earlier run was torn off; it is asked for again", "yellow")
    for left in [left for left in read.left if left.status == "rejected"][:_MOST]:
        note(f"rejected {left.id}: {left.reason}, {left.detail}", "yellow")
    table(
        ("label", "rows", "accepted", "share before", "share after"),
        (
            (
                name,
                f"{p.rows:,}",
                f"{p.accepted:,}",
                f"{100 * p.share_before:.1f} %",
                f"{100 * p.share_after:.1f} %",
            )
            for name, p in report.labels.items()
        ),
        right=("rows", "accepted", "share before", "share after"),
        whole=("label",),
    )
    for name in ("failed", "unfinished", "rejected", "skipped", "faults", "attempts"):
        if counts := getattr(report, name):
            say(f"{name}: {', '.join(f'{why} {count:,}' for why, count in counts.items())}")
    say(
        f"calls {made.calls:,}, replayed {made.replayed:,}, tokens {made.tokens:,}, cost {made.cost:.4f}"
    )
    if report.ended:
        note(f"ended early: {report.ended}; the same command goes on from here", "yellow")
    share = "-" if report.acceptance is None else f"{100 * report.acceptance:.1f} %"
    say(f"{report.accepted:,} of {report.rows:,} rows accepted ({share} of those finished)", "bold")
